// SPDX-License-Identifier: Apache-2.0
// Real stores with compaction topics: records their files before and after compaction, and reads what another store wrote.

import com.alibaba.fastjson2.JSON;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.rocketmq.common.BrokerConfig;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageExtBrokerInner;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.GetMessageResult;
import org.apache.rocketmq.store.PutMessageResult;
import org.apache.rocketmq.store.config.MessageStoreConfig;
import org.apache.rocketmq.store.kv.CompactionLog;
import org.apache.rocketmq.store.kv.CompactionStore;
import org.apache.rocketmq.store.stats.BrokerStatsManager;

public final class CompactionCases {
    private static final long BORN = 1700000000000L;
    private static final String TOPIC = "Compact";
    private static final int QUEUES = 2;
    private static final Pattern KEPT = Pattern.compile("(commitlog|consumequeue|compaction|checkpoint)(/.*)?");

    private final Path folder;
    private DefaultMessageStore store;
    private int made;

    private CompactionCases(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        CompactionCases cases = new CompactionCases(Path.of(args[1]));
        if (args[0].equals("record")) {
            Files.createDirectories(Path.of(args[2]));
            cases.record(Path.of(args[2]));
        } else {
            cases.takeOver(Path.of(args[2]));
        }
        System.exit(0);
    }

    private void record(Path out) throws Exception {
        open();
        put(60, 0);
        Map<String, Object> answers = answers();
        store.shutdown();
        write(out.resolve("appended.json"), "answers", answers, "files", files());

        open();
        Map<String, Object> reopened = answers();
        compact();
        answers = answers();
        store.shutdown();
        write(out.resolve("compacted.json"), "reopened", reopened, "answers", answers, "files", files());

        open();
        put(50, 3);
        compact();
        answers = answers();
        store.shutdown();
        write(out.resolve("again.json"), "answers", answers, "files", files());
    }

    /** Reads what somebody else's store holds, goes on with it, compacts it, and says what there is each time. */
    private void takeOver(Path out) throws Exception {
        open();
        Map<String, Object> found = answers();
        put(20, 1);
        Map<String, Object> appended = answers();
        compact();
        Map<String, Object> compacted = answers();
        store.shutdown();
        write(out, "found", found, "appended", appended, "compacted", compacted);
    }

    private void open() throws Exception {
        MessageStoreConfig config = new MessageStoreConfig();
        config.setStorePathRootDir(folder.toString());
        config.setStorePathCommitLog(folder + "/commitlog");
        config.setMappedFileSizeCommitLog(16 * 1024);
        config.setMappedFileSizeConsumeQueue(20 * 20);
        config.setMaxMessageSize(8 * 1024);
        config.setCompactionMappedFileSize(4096);
        config.setCompactionCqMappedFileSize(46 * 16 + 5);
        config.setMaxHashSlotNum(32);
        config.setMaxIndexNum(64);
        config.setHaListenPort(freePort());
        config.setTimerWheelEnable(false);
        config.setFileReservedTime(24 * 365);
        config.setDiskMaxUsedSpaceRatio(95);
        BrokerConfig broker = new BrokerConfig();
        ConcurrentHashMap<String, TopicConfig> topics = new ConcurrentHashMap<>();
        TopicConfig topic = new TopicConfig(TOPIC, QUEUES, QUEUES, 6);
        topic.setAttributes(Map.of("cleanup.policy", "COMPACTION"));
        topics.put(TOPIC, topic);
        topics.put("Plain", new TopicConfig("Plain", 1, 1, 6));
        store = new DefaultMessageStore(config, new BrokerStatsManager(broker), (a, b, c, d, e, f, g) -> { }, broker, topics);
        if (!store.load()) {
            throw new IllegalStateException("the store could not load " + folder);
        }
        store.start();
    }

    private static int freePort() throws Exception {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    /** Few keys, of which each comes again and again; some messages delete their key, some have none, some are of another topic. */
    private void put(int count, int firstKey) throws Exception {
        for (int i = 0; i < count; i++) {
            made++;
            MessageExtBrokerInner message = new MessageExtBrokerInner();
            message.setTopic(i % 10 == 9 ? "Plain" : TOPIC);
            message.setQueueId(i % 10 == 9 ? 0 : i % 3 == 0 ? 1 : 0);
            byte[] body = new byte[i % 7 == 6 ? 0 : 100 + i * 13 % 500];
            Arrays.fill(body, (byte) ('a' + i % 26));
            message.setBody(body);
            message.setFlag(i % 3);
            message.setBornTimestamp(BORN + made);
            message.setBornHost(new InetSocketAddress(InetAddress.getByName("10.1.2.3"), 54321));
            message.setStoreHost(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 10911));
            if (i % 11 != 5) {
                message.setKeys(i % 13 == 12 ? "two words" : "key" + (firstKey + i % 5));
            }
            if (i % 4 != 3) {
                message.setTags("Tag" + i % 4);
            }
            message.setTagsCode(MessageExtBrokerInner.tagsString2tagsCode(message.getTags()));
            message.setPropertiesString(MessageDecoder.messageProperties2String(message.getProperties()));
            PutMessageResult result = store.putMessage(message);
            if (!result.isOk()) {
                throw new IllegalStateException(result.toString());
            }
        }
        while (store.dispatchBehindBytes() > 0) {
            Thread.sleep(20);
        }
        Thread.sleep(200);
    }

    private void compact() throws Exception {
        Method pass = CompactionLog.class.getDeclaredMethod("doCompaction");
        pass.setAccessible(true);
        for (CompactionLog log : new TreeMap<>(table()).values()) {
            pass.invoke(log);
        }
    }

    @SuppressWarnings("unchecked")
    private Map<String, CompactionLog> table() throws Exception {
        Field field = CompactionStore.class.getDeclaredField("compactionLogTable");
        field.setAccessible(true);
        return (Map<String, CompactionLog>) field.get(store.getCompactionStore());
    }

    private Map<String, Object> answers() throws Exception {
        Map<String, Object> answers = new TreeMap<>();
        for (int queueId = 0; queueId <= QUEUES; queueId++) {
            List<Object> answered = new ArrayList<>();
            for (long offset = 0; offset <= store.getMaxOffsetInQueue(TOPIC, queueId) + 2; offset++) {
                answered.add(answer(queueId, offset, 32, 4 * 1024 * 1024));
                answered.add(answer(queueId, offset, 3, 900));
            }
            answers.put(String.valueOf(queueId), answered);
        }
        return answers;
    }

    private Object answer(int queueId, long offset, int maxCount, int maxBytes) throws Exception {
        GetMessageResult result = store.getMessage("group", TOPIC, queueId, offset, maxCount, maxBytes, null);
        List<Object> messages = new ArrayList<>();
        for (ByteBuffer buffer : result.getMessageBufferList()) {
            MessageExt message = MessageDecoder.decode(buffer, true, false);
            messages.add(Arrays.asList(message.getQueueOffset(), message.getCommitLogOffset(), message.getStoreSize(),
                String.valueOf(message.getKeys()), message.getBodyCRC()));
        }
        Map<String, Object> answer = Golden.map("offset", offset, "maxCount", maxCount, "maxBytes", maxBytes,
            "status", result.getStatus().name(), "next", result.getNextBeginOffset(), "min", result.getMinOffset(),
            "max", result.getMaxOffset(), "messages", messages);
        result.release();
        return answer;
    }

    /** Path, length and content up to the last byte that is not zero. */
    private List<Object> files() throws Exception {
        List<Object> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
                String name = folder.relativize(path).toString();
                if (!KEPT.matcher(name).matches()) {
                    continue;
                }
                byte[] bytes = Files.readAllBytes(path);
                int used = bytes.length;
                while (used > 0 && bytes[used - 1] == 0) {
                    used--;
                }
                files.add(Golden.map("path", name, "byteLength", bytes.length, "hex", Golden.hex(Arrays.copyOf(bytes, used))));
            }
        }
        return files;
    }

    private static void write(Path file, Object... pairs) throws Exception {
        Files.write(file, Golden.utf8(JSON.toJSONString(Golden.map(pairs))));
    }
}
