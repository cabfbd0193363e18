import { fileURLToPath } from 'node:url'
import { withPurlin } from 'purlin/next'

// The packages lie in the folder above.
const root = fileURLToPath(new URL('..', import.meta.url))

export default withPurlin({
  turbopack: { root },
  outputFileTracingRoot: root,
  experimental: { serverActions: { bodySizeLimit: '4mb' } },
})
