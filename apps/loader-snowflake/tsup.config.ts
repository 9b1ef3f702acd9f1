import type { Options } from 'tsup'
import { appConfig } from '../../tsup.shared.ts'

const config = appConfig()

const withFolder: Options = {
  ...config,
  // The driver asks for its own folder when it starts, to find binaries that are switched off here.
  banner: { js: `${(config.banner as { js: string }).js} const __dirname = import.meta.dirname;` },
}

export default withFolder
