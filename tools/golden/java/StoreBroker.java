// SPDX-License-Identifier: Apache-2.0
// Opens a real broker on a store folder with files so small that a few hundred messages roll them.

import java.io.File;
import java.nio.file.Path;
import org.apache.rocketmq.auth.config.AuthConfig;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.common.BrokerConfig;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.store.config.MessageStoreConfig;

final class StoreBroker {
    static final int COMMIT_LOG_FILE_BYTES = 64 * 1024;
    static final int CONSUME_QUEUE_FILE_BYTES = 40 * 20;
    static final int HASH_SLOTS = 32;
    static final int INDEX_ENTRIES = 128;

    private StoreBroker() {
    }

    /** A broker that has loaded and recovered its store but started nothing. */
    static BrokerController open(Path store, int port) throws Exception {
        MessageStoreConfig config = new MessageStoreConfig();
        config.setStorePathRootDir(store.toString());
        config.setStorePathCommitLog(store + File.separator + "commitlog");
        config.setMappedFileSizeCommitLog(COMMIT_LOG_FILE_BYTES);
        config.setMappedFileSizeConsumeQueue(CONSUME_QUEUE_FILE_BYTES);
        config.setMaxHashSlotNum(HASH_SLOTS);
        config.setMaxIndexNum(INDEX_ENTRIES);
        config.setTimerWheelEnable(false);
        config.setHaListenPort(port + 1);
        // Nothing of a fixture may be cleaned away while it is made.
        config.setFileReservedTime(24 * 365);
        config.setDiskMaxUsedSpaceRatio(95);

        BrokerConfig broker = new BrokerConfig();
        broker.setBrokerName("broker-golden");
        broker.setBrokerClusterName("GoldenCluster");
        broker.setBrokerIP1("127.0.0.1");
        broker.setBrokerIP2("127.0.0.1");
        broker.setListenPort(port);
        broker.setNamesrvAddr("");
        broker.setEnableControllerMode(false);

        NettyServerConfig server = new NettyServerConfig();
        server.setListenPort(port);
        AuthConfig auth = new AuthConfig();
        auth.setAuthConfigPath(store.resolveSibling("auth").toString());
        BrokerController controller = new BrokerController(broker, server, new NettyClientConfig(), config, auth);
        if (!controller.initialize()) {
            throw new IllegalStateException("the broker could not load " + store);
        }
        return controller;
    }
}
