import { type AppInfo, type Dataset, webForms } from '@coretelecoms/core'
import packageJson from '../package.json' with { type: 'json' }

/** This app as it presents itself. */
export const app: AppInfo = {
  name: 'extract-postgres',
  version: packageJson.version,
  description: 'Lands web form complaints from the source database in the raw zone.',
}

/** The datasets that this app lands. */
export const datasets: readonly Dataset[] = [webForms]
