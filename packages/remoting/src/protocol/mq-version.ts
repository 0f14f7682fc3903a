// SPDX-License-Identifier: Apache-2.0
// The protocol version this project speaks.

/** Ordinal of MQVersion.Version.V5_5_0: what peers compare before they use newer features. */
export const MQ_VERSION = 513
