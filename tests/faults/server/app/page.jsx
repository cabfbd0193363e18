import { Caller } from './Caller'

export const dynamic = 'force-dynamic'

export default function Page() {
  return <Caller />
}
