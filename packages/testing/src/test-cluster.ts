// SPDX-License-Identifier: Apache-2.0
// A name server and a broker inside a test: free ports, a store of their own, gone with the test.
import { Broker, parseBrokerConfig } from '@rocketmq-ts/broker'
import { NameServer, parseNameServerConfig } from '@rocketmq-ts/namesrv'
import type { FaultRule } from '@rocketmq-ts/remoting/proxy'
import { silentLogger, type Logger, type Runtime } from '@rocketmq-ts/runtime'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { FaultyNetwork } from './faulty-network.ts'

/** What a test may change. */
export interface TestClusterOptions {
  /** Keys of Java's broker.conf, over the ones a test needs. */
  readonly brokerConfig?: Readonly<Record<string, string>>
  /** Says nothing unless given. */
  readonly logger?: Logger
  /** The outside world; this process and this machine unless given. */
  readonly runtime?: Runtime
}

const LOOPBACK = '127.0.0.1'
/** Small segments: a test writes little, and a file system that cannot keep holes would write a gigabyte. */
const SEGMENT_BYTES = 16 * 1024 * 1024

/** Running servers. `await using cluster = await startTestCluster()` ends them with the test. */
export class TestCluster {
  /** What clients are given as `namesrvAddr`. */
  readonly namesrvAddr: string
  readonly nameServer: NameServer
  readonly broker: Broker
  readonly #runtime: Runtime
  readonly #directory: string

  /** Takes over what has been started; see {@link startTestCluster}. */
  constructor(runtime: Runtime, directory: string, nameServer: NameServer, broker: Broker) {
    this.#runtime = runtime
    this.#directory = directory
    this.nameServer = nameServer
    this.broker = broker
    this.namesrvAddr = `${LOOPBACK}:${nameServer.port}`
  }

  /** A second way in, on which frames are lost, delayed or answered by rules. Close it after its clients and before the cluster. */
  withFaults(...rules: readonly FaultRule[]): Promise<FaultyNetwork> {
    return FaultyNetwork.start(this.#runtime, this.namesrvAddr, rules)
  }

  /** Stops both and removes their files. */
  async close(): Promise<void> {
    await this.broker.close()
    await this.nameServer.close()
    this.#runtime.files.remove(this.#directory)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** Starts a name server and a broker that accept clients when this resolves. */
export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const runtime = options.runtime ?? nodeRuntime()
  const logger = options.logger ?? silentLogger
  const id = Buffer.from(runtime.random.bytes(8)).toString('hex')
  const directory = `${runtime.host.temporaryDirectory}/rocketmq-ts-${id}`
  const nameServer = await NameServer.start({
    runtime,
    logger,
    config: parseNameServerConfig({
      listenPort: '0',
      bindAddress: LOOPBACK,
      kvConfigPath: `${directory}/namesrv/kvConfig.json`,
    }),
  })
  try {
    const broker = await Broker.start({
      runtime,
      logger,
      config: parseBrokerConfig(
        new Map(
          Object.entries({
            brokerName: 'test-broker',
            brokerIP1: LOOPBACK,
            listenPort: '0',
            namesrvAddr: `${LOOPBACK}:${nameServer.port}`,
            storePathRootDir: `${directory}/store`,
            mappedFileSizeCommitLog: String(SEGMENT_BYTES),
            ...options.brokerConfig,
          }),
        ),
      ),
    })
    return new TestCluster(runtime, directory, nameServer, broker)
  } catch (error) {
    await nameServer.close()
    runtime.files.remove(directory)
    throw error
  }
}
