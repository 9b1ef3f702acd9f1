import { z } from 'zod'
import { optionalSetting, requiredSetting } from './settings.ts'

/** Settings of every app that reads or writes the raw zone. Endpoints and keys are the AWS SDK's own variables. */
export const rawZoneSettings = z.object({
  CX_RAW_BUCKET: requiredSetting({ description: 'Bucket of the raw zone.', example: 'coretelecoms-raw-zone' }),
  AWS_REGION: requiredSetting({ description: 'Region of the raw zone.', example: 'eu-north-1' }),
  AWS_ENDPOINT_URL_S3: optionalSetting({
    description: 'Endpoint of S3, to run against an emulator.',
    example: 'http://127.0.0.1:4566',
  }),
})

/** Settings of the account that the sources lie in: another one than the raw zone's. */
export const sourceAccountSettings = z.object({
  CX_SOURCE_ROLE_ARN: optionalSetting({
    description: "Role in the source account that this app assumes; without it the app's own credentials are used.",
    example: 'arn:aws:iam::111111111111:role/cx-source-objects',
  }),
  CX_SOURCE_EXTERNAL_ID: optionalSetting({
    description: 'External id that the trust policy of that role asks for.',
    example: 'coretelecoms-cx',
  }),
  CX_SOURCE_REGION: optionalSetting({
    description: 'Region of the sources, where it is not AWS_REGION.',
    example: 'eu-north-1',
  }),
})
