import type { NextConfig } from 'next'
import { withPurlin } from 'purlin/next'

const nextConfig: NextConfig = {
  // Without a root, Next.js goes up the folders in search of a lockfile.
  turbopack: { root: process.cwd() },
  outputFileTracingRoot: process.cwd(),
}

export default withPurlin(nextConfig)
