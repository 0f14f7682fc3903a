// SPDX-License-Identifier: Apache-2.0
// The bits of a command's flag.

/** Set in answers. */
export const FLAG_RESPONSE = 1
/** Set in requests that must not be answered. */
export const FLAG_ONEWAY = 2
