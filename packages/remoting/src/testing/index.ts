// SPDX-License-Identifier: Apache-2.0
// What tests of this and other packages share: fragments of a byte stream, recorded frames.
export { fragment } from './fragment.ts'
export {
  goldenRequests,
  type GoldenCase,
  type GoldenField,
  type GoldenFrame,
  type GoldenRequest,
  type GoldenSide,
} from './golden.ts'
export {
  encodeFrame,
  readFrame,
  type FrameContent,
  type FrameHead,
  type ReadFrame,
} from './frames.ts'
