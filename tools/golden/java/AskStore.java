// SPDX-License-Identifier: Apache-2.0
// Opens a store folder and answers questions about its queues, one line each: offsets by time, and what reads give.

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.rocketmq.common.BoundaryType;
import org.apache.rocketmq.common.BrokerConfig;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.store.ConsumeQueueExt;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.GetMessageResult;
import org.apache.rocketmq.store.MessageFilter;
import org.apache.rocketmq.store.config.MessageStoreConfig;
import org.apache.rocketmq.store.queue.ConsumeQueueStore;
import org.apache.rocketmq.store.stats.BrokerStatsManager;

public final class AskStore {
    private AskStore() {
    }

    /** Arguments: store folder, then settings as key=value; a topic with queues of batches as batch=topic. Questions come on standard input. */
    public static void main(String[] args) {
        try {
            run(args);
        } catch (Exception e) {
            // The store's own threads would keep a failed process alive.
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void run(String[] args) throws Exception {
        String folder = Path.of(args[0]).toString();
        MessageStoreConfig config = new MessageStoreConfig();
        config.setStorePathRootDir(folder);
        config.setStorePathCommitLog(folder + File.separator + "commitlog");
        config.setTimerWheelEnable(false);
        try (ServerSocket free = new ServerSocket(0)) {
            config.setHaListenPort(free.getLocalPort());
        }
        config.setFileReservedTime(24 * 365);
        ConcurrentHashMap<String, TopicConfig> topics = new ConcurrentHashMap<>();
        Properties settings = new Properties();
        for (int i = 1; i < args.length; i++) {
            String[] pair = args[i].split("=");
            if (pair[0].equals("batch")) {
                TopicConfig topic = new TopicConfig(pair[1], 4, 4, 6);
                topic.setAttributes(Map.of("queue.type", "BatchCQ"));
                topics.put(pair[1], topic);
            } else {
                settings.put(pair[0], pair[1]);
            }
        }
        MixAll.properties2Object(settings, config);
        DefaultMessageStore store = new DefaultMessageStore(config, new BrokerStatsManager("golden", false),
            (topic, queueId, offset, tags, time, bits, properties) -> { }, new BrokerConfig(), topics);
        if (!store.load()) {
            throw new IllegalStateException("cannot load " + folder);
        }
        store.start();
        // What a running store does a minute later: queues follow the log's first file.
        ConsumeQueueStore queues = (ConsumeQueueStore) store.getQueueStore();
        queues.getConsumeQueueTable().values().forEach(table ->
            table.values().forEach(queue -> queues.deleteExpiredFile(queue, store.getMinPhyOffset())));
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println("ANSWER " + answerOrFail(store, line.split(" ")));
            }
        }
    }

    /** Java fails at some: at searches in a queue that has no message left, or no file. */
    private static String answerOrFail(DefaultMessageStore store, String[] ask) throws Exception {
        try {
            return answer(store, ask);
        } catch (RuntimeException e) {
            return "fails";
        }
    }

    private static String answer(DefaultMessageStore store, String[] ask) throws Exception {
        String topic = ask[1];
        int queueId = Integer.parseInt(ask[2]);
        switch (ask[0]) {
            case "bounds":
                store.findConsumeQueue(topic, queueId);
                return store.getMinOffsetInQueue(topic, queueId) + " " + store.getMaxOffsetInQueue(topic, queueId);
            case "time":
                return String.valueOf(store.getOffsetInQueueByTime(topic, queueId, Long.parseLong(ask[3]), BoundaryType.valueOf(ask[4])));
            default:
                MessageFilter filter = ask.length > 6 ? tagsBelow(Long.parseLong(ask[6])) : null;
                GetMessageResult result = store.getMessage("group", topic, queueId, Long.parseLong(ask[3]), Integer.parseInt(ask[4]), Integer.parseInt(ask[5]), filter);
                String text = result.getStatus() + " " + result.getNextBeginOffset() + " " + result.getMinOffset() + " " + result.getMaxOffset()
                    + " " + result.getMessageCount() + " " + result.getBufferTotalSize();
                result.release();
                return text;
        }
    }

    private static MessageFilter tagsBelow(long limit) {
        return new MessageFilter() {
            @Override
            public boolean isMatchedByConsumeQueue(Long tagsCode, ConsumeQueueExt.CqExtUnit unit) {
                return tagsCode < limit;
            }

            @Override
            public boolean isMatchedByCommitLog(java.nio.ByteBuffer record, Map<String, String> properties) {
                return true;
            }
        };
    }
}
