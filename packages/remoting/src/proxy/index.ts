// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/remoting/proxy.
export { followRoutes, type FollowOptions, type RouteFollower } from './follow-routes.ts'
export { FrameProxy, type FrameProxyOptions } from './frame-proxy.ts'
export { frameLine, frameRecord, type FrameRecord, type FrameTextOptions } from './frame-text.ts'
export { knownRequest, requestCodeName, type KnownRequest } from './request-names.ts'
export type { Direction, SeenFrame } from './seen-frame.ts'
export {
  faults,
  type AnswerInstead,
  type FaultRule,
  type Intercept,
  type Verdict,
} from './verdict.ts'
