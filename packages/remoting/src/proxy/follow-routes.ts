// SPDX-License-Identifier: Apache-2.0
// Makes clients of a proxied name server go through the proxy for brokers as well: the addresses in its answers are replaced.
import { decodeClusterInfo } from '../bodies/cluster-info.ts'
import { decodeTopicRouteData } from '../bodies/topic-route-data.ts'
import { ResponseCode } from '../protocol/response-code.ts'
import { getBrokerClusterInfo } from '../requests/get-broker-cluster-info.ts'
import { getRouteinfoByTopic } from '../requests/get-routeinfo-by-topic.ts'
import { withBody } from './answer-frame.ts'
import { FrameProxy, type FrameProxyOptions } from './frame-proxy.ts'
import type { SeenFrame } from './seen-frame.ts'
import type { Intercept } from './verdict.ts'

/** Proxies made on the way, one per broker address. */
export interface RouteFollower {
  /** To be used for the name server's proxy: like the one given, and broker addresses lead to proxies of their own. */
  readonly intercept: Intercept
  /** Proxy addresses by broker address. */
  readonly brokers: ReadonlyMap<string, string>
  close(): Promise<void>
}

/** What the brokers' proxies get; their port is always a free one. */
export type FollowOptions = Omit<FrameProxyOptions, 'target' | 'port'> & {
  /** Called for each broker proxy that is made. */
  readonly opened?: (proxy: FrameProxy) => void
}

/** Follows the route answers of a name server. */
export function followRoutes(options: FollowOptions): RouteFollower {
  const proxies = new Map<string, Promise<FrameProxy>>()
  const brokers = new Map<string, string>()
  const look = options.intercept ?? ((): 'pass' => 'pass')

  async function proxied(address: string): Promise<string> {
    let proxy = proxies.get(address)
    if (proxy === undefined) {
      proxy = FrameProxy.listen({ ...options, target: address, port: 0 })
      proxies.set(address, proxy)
      const made = await proxy
      brokers.set(address, made.address)
      options.opened?.(made)
    }
    return (await proxy).address
  }

  async function rewritten(frame: SeenFrame): Promise<Uint8Array> {
    let text = Buffer.from(frame.body).toString('utf8')
    for (const address of addressesIn(frame)) {
      // In the text, not in a decoded body: whatever form and order it has stays.
      text = text.replaceAll(`"${address}"`, `"${await proxied(address)}"`)
    }
    return withBody(frame, Buffer.from(text, 'utf8'))
  }

  return {
    brokers,
    async intercept(frame) {
      const verdict = await look(frame)
      if (verdict !== 'pass' || !hasRoutes(frame)) return verdict
      return { replaceWith: await rewritten(frame) }
    },
    async close() {
      await Promise.all([...proxies.values()].map(async (proxy) => (await proxy).close()))
    },
  }
}

function hasRoutes(frame: SeenFrame): boolean {
  const { requestCode } = frame
  const isRoute =
    requestCode === getRouteinfoByTopic.code || requestCode === getBrokerClusterInfo.code
  return frame.isAnswer && isRoute && frame.code === ResponseCode.SUCCESS && frame.body.length > 0
}

function addressesIn(frame: SeenFrame): ReadonlySet<string> {
  const brokers =
    frame.requestCode === getRouteinfoByTopic.code
      ? decodeTopicRouteData(frame.body).brokerDatas
      : decodeClusterInfo(frame.body).brokerAddrTable.values()
  return new Set([...brokers].flatMap(({ brokerAddrs }) => [...brokerAddrs.values()]))
}
