// SPDX-License-Identifier: Apache-2.0
// Read the settings of a name server; the answer is the text of a properties file.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read the settings of a name server; the answer is the text of a properties file. Source: RequestCode.GET_NAMESRV_CONFIG. */
export const getNamesrvConfig: RequestType<NoFields, NoFields> = {
  code: 319,
  name: 'GET_NAMESRV_CONFIG',
  request: noFields,
  response: noFields,
}
