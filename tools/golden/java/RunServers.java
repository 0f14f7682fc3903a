// SPDX-License-Identifier: Apache-2.0
// Runs a name server and a broker with default settings until the parent closes standard input.

import java.nio.file.Path;
import org.apache.rocketmq.auth.config.AuthConfig;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.common.BrokerConfig;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.namesrv.NamesrvConfig;
import org.apache.rocketmq.namesrv.NamesrvController;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.store.config.MessageStoreConfig;

public final class RunServers {
    private RunServers() {
    }

    /** Arguments: working folder, name server port, broker port. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        int namesrvPort = Integer.parseInt(args[1]);
        int brokerPort = Integer.parseInt(args[2]);
        // The start-up classes set this; without it the servers take each other for very old ones.
        System.setProperty(RemotingCommand.REMOTING_VERSION_KEY, Integer.toString(MQVersion.CURRENT_VERSION));
        try {
            start(folder, namesrvPort, brokerPort);
            System.out.println("READY");
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (Exception e) {
            e.printStackTrace();
        }
        Runtime.getRuntime().halt(0);
    }

    private static void start(Path folder, int namesrvPort, int brokerPort) throws Exception {
        NamesrvConfig namesrvConfig = new NamesrvConfig();
        namesrvConfig.setKvConfigPath(folder.resolve("kvConfig.json").toString());
        namesrvConfig.setConfigStorePath(folder.resolve("namesrv.properties").toString());
        NettyServerConfig namesrvServer = new NettyServerConfig();
        namesrvServer.setListenPort(namesrvPort);
        NamesrvController namesrv = new NamesrvController(namesrvConfig, namesrvServer);
        if (!namesrv.initialize()) {
            throw new IllegalStateException("the name server did not initialize");
        }
        namesrv.start();

        BrokerConfig brokerConfig = new BrokerConfig();
        brokerConfig.setBrokerName("broker-golden");
        brokerConfig.setBrokerClusterName("GoldenCluster");
        brokerConfig.setBrokerIP1("127.0.0.1");
        brokerConfig.setBrokerIP2("127.0.0.1");
        brokerConfig.setListenPort(brokerPort);
        brokerConfig.setNamesrvAddr("127.0.0.1:" + namesrvPort);
        NettyServerConfig brokerServer = new NettyServerConfig();
        brokerServer.setListenPort(brokerPort);
        MessageStoreConfig store = new MessageStoreConfig();
        store.setStorePathRootDir(folder.resolve("store").toString());
        store.setStorePathCommitLog(folder.resolve("store").resolve("commitlog").toString());
        // Small files keep the recording from filling a disk; nothing here depends on their size.
        store.setMappedFileSizeCommitLog(16 * 1024 * 1024);
        store.setMappedFileSizeTimerLog(1024 * 1024);
        store.setMaxHashSlotNum(1000);
        store.setMaxIndexNum(4000);
        store.setHaListenPort(brokerPort + 1);
        store.setDiskMaxUsedSpaceRatio(95);
        AuthConfig auth = new AuthConfig();
        auth.setAuthConfigPath(folder.resolve("auth").toString());
        BrokerController broker = new BrokerController(brokerConfig, brokerServer, new NettyClientConfig(), store, auth);
        if (!broker.initialize()) {
            throw new IllegalStateException("the broker did not initialize");
        }
        broker.start();
        broker.getTopicConfigManager().updateTopicConfig(new TopicConfig("TopicTest", 4, 4, 6));
        broker.getTopicConfigManager().updateTopicConfig(new TopicConfig("PullTest", 2, 2, 6));
        broker.registerBrokerAll(true, false, true);
    }
}
