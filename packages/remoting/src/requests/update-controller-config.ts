// SPDX-License-Identifier: Apache-2.0
// Change settings of a running controller; the body is the text of a properties file.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Change settings of a running controller; the body is the text of a properties file. Source: RequestCode.UPDATE_CONTROLLER_CONFIG. */
export const updateControllerConfig: RequestType<NoFields, NoFields> = {
  code: 1009,
  name: 'UPDATE_CONTROLLER_CONFIG',
  request: noFields,
  response: noFields,
}
