import { agents, type AppInfo, type Dataset } from '@coretelecoms/core'
import packageJson from '../package.json' with { type: 'json' }

/** This app as it presents itself. */
export const app: AppInfo = {
  name: 'extract-sheets',
  version: packageJson.version,
  description: 'Lands the agents from their Google Sheet in the raw zone.',
}

/** The datasets that this app lands. */
export const datasets: readonly Dataset[] = [agents]
