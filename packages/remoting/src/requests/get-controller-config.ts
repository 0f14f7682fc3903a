// SPDX-License-Identifier: Apache-2.0
// Read the settings of a controller; the answer is the text of a properties file.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read the settings of a controller; the answer is the text of a properties file. Source: RequestCode.GET_CONTROLLER_CONFIG. */
export const getControllerConfig: RequestType<NoFields, NoFields> = {
  code: 1010,
  name: 'GET_CONTROLLER_CONFIG',
  request: noFields,
  response: noFields,
}
