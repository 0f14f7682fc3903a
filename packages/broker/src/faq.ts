// SPDX-License-Identifier: Apache-2.0
// The pointer to help that Java appends to some refusals; people search for it.

/** @see FAQUrl.suggestTodo */
export const SEE_FAQ =
  '\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details.'
