import 'server-only'
import { PurlinClient } from './generated/purlin'

export const db = new PurlinClient()
