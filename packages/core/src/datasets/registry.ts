import { agents } from './agents.ts'
import { callLogs } from './call-logs.ts'
import { customers } from './customers.ts'
import type { Dataset } from './define-dataset.ts'
import { socialMedia } from './social-media.ts'
import { webForms } from './web-forms.ts'

/** The five datasets of the platform, in the order in which people list them. */
export const datasets: readonly Dataset[] = [customers, agents, callLogs, socialMedia, webForms]
