import 'server-only'
import { PurlinClient } from '../generated'

export const db = new PurlinClient()
