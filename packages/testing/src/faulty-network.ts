// SPDX-License-Identifier: Apache-2.0
// A way into a test cluster that loses, delays or answers frames: name server and brokers behind proxies.
import { faults, followRoutes, FrameProxy, type FaultRule } from '@rocketmq-ts/remoting/proxy'
import type { Runtime } from '@rocketmq-ts/runtime'

/** Clients that are given its `namesrvAddr` reach the broker through it as well. */
export class FaultyNetwork {
  readonly #proxy: FrameProxy
  readonly #brokers: FrameProxy[]
  readonly #closeBrokers: () => Promise<void>

  /** Puts proxies before the name server at `namesrvAddr` and the brokers it knows. */
  static async start(
    runtime: Pick<Runtime, 'clock' | 'timers' | 'network'>,
    namesrvAddr: string,
    rules: readonly FaultRule[],
  ): Promise<FaultyNetwork> {
    const brokers: FrameProxy[] = []
    const follower = followRoutes({
      runtime,
      intercept: faults(rules),
      opened: (broker) => brokers.push(broker),
    })
    const { intercept } = follower
    const proxy = await FrameProxy.listen({ runtime, target: namesrvAddr, intercept })
    return new FaultyNetwork(proxy, brokers, () => follower.close())
  }

  private constructor(proxy: FrameProxy, brokers: FrameProxy[], closeBrokers: () => Promise<void>) {
    this.#proxy = proxy
    this.#brokers = brokers
    this.#closeBrokers = closeBrokers
  }

  /** What clients are given instead of the cluster's own. */
  get namesrvAddr(): string {
    return this.#proxy.address
  }

  /** Cuts every connection; clients may connect again. */
  cutConnections(): void {
    for (const proxy of [this.#proxy, ...this.#brokers]) proxy.cutAll()
  }

  async close(): Promise<void> {
    await Promise.all([this.#proxy.close(), this.#closeBrokers()])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
