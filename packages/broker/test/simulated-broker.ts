// SPDX-License-Identifier: Apache-2.0
// A broker on a simulated machine and a client that asks it: no socket, no disk, no waiting.
import {
  RemotingClient,
  type RequestOptions,
  type RequestType,
  type Response,
} from '@rocketmq-ts/remoting'
import { sendMessage, type SendMessageResponse } from '@rocketmq-ts/remoting/requests'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { Broker, parseBrokerConfig } from '../src/index.ts'

const PORT = 10_911

/** One broker of cluster `C` with the name `b`, under virtual time. */
export class SimulatedBroker {
  readonly world: SimulatedRuntime
  readonly #config: Readonly<Record<string, string>>
  readonly #client: RemotingClient
  #broker: Broker

  private constructor(
    world: SimulatedRuntime,
    config: Readonly<Record<string, string>>,
    broker: Broker,
  ) {
    this.world = world
    this.#config = config
    this.#broker = broker
    this.#client = new RemotingClient({ runtime: world.machine('10.0.0.2') })
  }

  /** Starts it with keys of Java's broker.conf. */
  static async start(given: Readonly<Record<string, string>> = {}): Promise<SimulatedBroker> {
    const world = simulatedRuntime({ seed: 1 })
    const config = {
      brokerClusterName: 'C',
      brokerName: 'b',
      listenPort: String(PORT),
      storePathRootDir: '/store',
      ...given,
    }
    return new SimulatedBroker(world, config, await started(world, config))
  }

  /** What the broker answers, whatever its code. */
  ask<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options: RequestOptions = {},
  ): Promise<Response<Res>> {
    return this.world.settle(this.#client.request(this.#broker.address, type, header, options))
  }

  /** Stores one message; the topic is made when it is not there. */
  async send(topic: string, queueId: number, body: Uint8Array): Promise<SendMessageResponse> {
    const header = {
      producerGroup: 'producers',
      topic,
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: 4,
      queueId,
      sysFlag: 0,
      bornTimestamp: this.world.clock.nowMs(),
      flag: 0,
      properties: '',
      reconsumeTimes: 0,
      unitMode: false,
      maxReconsumeTimes: undefined,
      batch: false,
      brokerName: 'b',
    }
    const response = await this.ask(sendMessage, header, { body })
    if (response.code !== 0)
      throw new Error(`the broker answered ${response.code}: ${response.remark}`)
    return response.header()
  }

  /** Stops the broker in order, lets `between` change its disk, and starts it again. */
  async restart(between: () => void = () => undefined): Promise<void> {
    await this.world.settle(this.#broker.close())
    between()
    this.#broker = await started(this.world, this.#config)
  }
}

function started(
  world: SimulatedRuntime,
  config: Readonly<Record<string, string>>,
): Promise<Broker> {
  return world.settle(Broker.start({ runtime: world, config: parseBrokerConfig(config) }))
}
