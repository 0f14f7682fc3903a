// SPDX-License-Identifier: Apache-2.0
// How many queues a topic may have: whatever lists the queues of a topic has to stay bounded.

/** Java has no limit, and runs out of memory when it is asked about a topic with 2^31 queues. */
export const MAX_QUEUE_COUNT = 65_536
