/** What a Next.js application needs so that its bundler leaves the engine alone. */

/** The part of a Next.js configuration that matters here. */
interface NextConfig {
  serverExternalPackages?: string[]
}

type ConfigFunction = (phase: string, context: never) => NextConfig | Promise<NextConfig>

/**
 * Completes a Next.js configuration: `export default withPurlin({ ... })`.
 *
 * The package `purlin` holds a native addon, which no bundler can take in: it is loaded from `node_modules`, and copied to
 * where `output: 'standalone'` needs it. The generated client is bundled with the application.
 */
export function withPurlin<C extends object>(config: C): C {
  if (typeof config === 'function') {
    const configure = config as unknown as ConfigFunction
    const wrapped: ConfigFunction = async (phase, context) => withPurlin(await configure(phase, context))
    return wrapped as unknown as C
  }
  const external = (config as NextConfig).serverExternalPackages ?? []
  return { ...config, serverExternalPackages: [...new Set([...external, 'purlin'])] }
}
