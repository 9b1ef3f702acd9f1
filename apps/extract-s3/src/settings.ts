import { rawZoneSettings, requiredSetting, sourceAccountSettings } from '@coretelecoms/core'
import type { z } from 'zod'

/** Settings of this app. */
export const settings = rawZoneSettings.extend(sourceAccountSettings.shape).extend({
  CX_SOURCE_BUCKET: requiredSetting({
    description: 'Bucket that the deliveries lie in.',
    example: 'core-telecoms-data-lake',
  }),
})

/** The settings of a run. */
export type Settings = z.infer<typeof settings>
