// SPDX-License-Identifier: Apache-2.0
// Change settings of a running name server; the body is the text of a properties file.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Change settings of a running name server; the body is the text of a properties file. Source: RequestCode.UPDATE_NAMESRV_CONFIG. */
export const updateNamesrvConfig: RequestType<NoFields, NoFields> = {
  code: 318,
  name: 'UPDATE_NAMESRV_CONFIG',
  request: noFields,
  response: noFields,
}
