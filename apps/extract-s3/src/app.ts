import { type AppInfo, callLogs, customers, type Dataset, socialMedia } from '@coretelecoms/core'
import packageJson from '../package.json' with { type: 'json' }

/** This app as it presents itself. */
export const app: AppInfo = {
  name: 'extract-s3',
  version: packageJson.version,
  description: 'Lands customers, call logs and social media complaints from the source bucket in the raw zone.',
}

/** The datasets that this app lands. */
export const datasets: readonly Dataset[] = [customers, callLogs, socialMedia]
