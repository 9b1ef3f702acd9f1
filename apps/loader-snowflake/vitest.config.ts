import { sharedConfig } from '../../vitest.shared.ts'

export default sharedConfig({ globalSetup: ['test/world/services.ts'] })
