// SPDX-License-Identifier: Apache-2.0
// One real message store in a folder of its own: takes messages, writes down each as it was given, and keeps its files.

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.apache.rocketmq.common.BrokerConfig;
import org.apache.rocketmq.common.MixAll;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageAccessor;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExtBatch;
import org.apache.rocketmq.common.message.MessageExtBrokerInner;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
import org.apache.rocketmq.store.AppendMessageResult;
import org.apache.rocketmq.store.DefaultMessageStore;
import org.apache.rocketmq.store.PutMessageResult;
import org.apache.rocketmq.store.config.MessageStoreConfig;
import org.apache.rocketmq.store.stats.BrokerStatsManager;

final class ReplayStore {
    static final long BORN = 1700000000000L;
    /** Stands for the store's folder in settings. */
    static final String ROOT = "ROOT";
    /** What is kept of the store: what a replay has to give back. RocksDB and locks are none of it. */
    private static final Pattern KEPT = Pattern.compile("(commitlog|consumequeue|consumequeue_ext|batchconsumequeue|index|checkpoint)(-.*)?");
    private static final int SHORT_BYTES = 256;

    final Path folder;
    private final Map<String, String> config = new LinkedHashMap<>();
    private final ConcurrentHashMap<String, TopicConfig> topics = new ConcurrentHashMap<>();
    private final List<Object> before = new ArrayList<>();
    private final List<Object> inputs = new ArrayList<>();
    private DefaultMessageStore store;
    private int made;
    private int indexFiles;

    ReplayStore(Path folder) {
        this.folder = folder;
        set("mappedFileSizeCommitLog", 16 * 1024);
        set("mappedFileSizeConsumeQueue", 20 * 20);
        set("maxHashSlotNum", 32);
        set("maxIndexNum", 64);
        set("maxMessageSize", 8 * 1024);
        set("mapperFileSizeBatchConsumeQueue", 16 * 46);
        // Every flush is a whole one, so that the checkpoint does not depend on when the store is stopped.
        set("flushCommitLogLeastPages", 0);
        set("flushConsumeQueueThoroughInterval", 0);
    }

    ReplayStore set(String key, Object value) {
        config.put(key, value.toString());
        return this;
    }

    ReplayStore topic(String name, String attribute, String value) {
        TopicConfig topic = new TopicConfig(name, 4, 4, 6);
        topic.setAttributes(Map.of(attribute, value));
        topics.put(name, topic);
        return this;
    }

    ReplayStore open() throws Exception {
        Properties properties = new Properties();
        config.forEach((key, value) -> properties.put(key, value.replace(ROOT, folder.toString())));
        MessageStoreConfig storeConfig = new MessageStoreConfig();
        MixAll.properties2Object(properties, storeConfig);
        storeConfig.setStorePathRootDir(folder.toString());
        if (!config.containsKey("storePathCommitLog")) {
            storeConfig.setStorePathCommitLog(folder + File.separator + "commitlog");
        }
        storeConfig.setHaListenPort(freePort());
        storeConfig.setTimerWheelEnable(false);
        storeConfig.setFileReservedTime(24 * 365);
        storeConfig.setDiskMaxUsedSpaceRatio(95);
        BrokerConfig broker = new BrokerConfig();
        broker.setBrokerName("broker-golden");
        store = new DefaultMessageStore(storeConfig, new BrokerStatsManager(broker), (a, b, c, d, e, f, g) -> { }, broker, topics);
        // Stands for the broker's bloom filter: the message says which bits its entry gets.
        store.getDispatcherList().addFirst(request -> {
            Map<String, String> stored = request.getPropertiesMap();
            if (stored != null && stored.containsKey("BITS")) {
                request.setBitMap(Golden.unhex(stored.get("BITS")));
            }
        });
        if (!store.load()) {
            throw new IllegalStateException("the store could not load " + folder);
        }
        store.start();
        return this;
    }

    private static int freePort() throws Exception {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    /** Takes over files that stand in the folder already, as what a replay starts from. */
    ReplayStore from(String... paths) throws Exception {
        for (String path : paths) {
            before.add(file(folder.resolve(path)));
        }
        return this;
    }

    MessageExtBrokerInner message(String topic, int queueId, byte[] body, String... properties) throws Exception {
        return fill(new MessageExtBrokerInner(), topic, queueId, body, properties);
    }

    private <T extends MessageExtBrokerInner> T fill(T message, String topic, int queueId, byte[] body, String... properties) throws Exception {
        made++;
        message.setTopic(topic);
        message.setQueueId(queueId);
        message.setBody(body);
        message.setFlag(made % 3);
        message.setBornTimestamp(BORN + made);
        message.setBornHost(address("10.1.2.3", 54321));
        message.setStoreHost(address("127.0.0.1", 10911));
        message.setReconsumeTimes(made % 2);
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            map.put(properties[i], properties[i + 1]);
        }
        MessageAccessor.setProperties(message, map);
        message.setPropertiesString(MessageDecoder.messageProperties2String(map));
        return message;
    }

    void put(String topic, int queueId, byte[] body, String... properties) throws Exception {
        put(message(topic, queueId, body, properties));
    }

    void put(MessageExtBrokerInner message) throws Exception {
        Map<String, Object> input = input("message", message, message.getPropertiesString());
        outcome(input, store.putMessage(message));
    }

    /** A batch that becomes one record per message; `properties` are those of the batch itself. */
    void putBatch(String topic, int queueId, List<Message> messages, String... properties) throws Exception {
        MessageExtBatch batch = fill(new MessageExtBatch(), topic, queueId, MessageDecoder.encodeMessages(messages), properties);
        Map<String, Object> input = input("batch", batch, batch.getPropertiesString());
        outcome(input, store.putMessages(batch));
    }

    /** A batch that stays one record, as the broker makes it for topics of batch consume queues. */
    void putInnerBatch(String topic, int queueId, List<Message> messages, String... properties) throws Exception {
        String[] all = Arrays.copyOf(properties, properties.length + 2);
        all[properties.length] = MessageConst.PROPERTY_INNER_NUM;
        all[properties.length + 1] = Integer.toString(messages.size());
        MessageExtBatch batch = fill(new MessageExtBatch(), topic, queueId, MessageDecoder.encodeMessages(messages), all);
        batch.setSysFlag(batch.getSysFlag() | MessageSysFlag.NEED_UNWRAP_FLAG | MessageSysFlag.INNER_BATCH_FLAG);
        batch.setInnerBatch(true);
        Map<String, Object> input = input("innerBatch", batch, batch.getPropertiesString());
        outcome(input, store.putMessage(batch));
    }

    private Map<String, Object> input(String kind, MessageExtBrokerInner message, String properties) {
        return Golden.map(
            "kind", kind,
            "topic", message.getTopic(),
            "queueId", message.getQueueId(),
            "flag", message.getFlag(),
            "sysFlag", message.getSysFlag(),
            "bornTimestamp", message.getBornTimestamp(),
            "bornHost", host(message.getBornHost()),
            "storeHost", host(message.getStoreHost()),
            "reconsumeTimes", message.getReconsumeTimes(),
            "preparedTransactionOffset", message.getPreparedTransactionOffset(),
            "properties", packed(Golden.utf8(properties)),
            "body", packed(message.getBody()));
    }

    private void outcome(Map<String, Object> input, PutMessageResult result) throws Exception {
        input.put("status", result.getPutMessageStatus().name());
        AppendMessageResult appended = result.getAppendMessageResult();
        if (result.isOk()) {
            input.put("storeTimestamp", appended.getStoreTimestamp());
            input.put("offset", appended.getWroteOffset());
            input.put("bytes", appended.getWroteBytes());
            input.put("queueOffset", appended.getLogicsOffset());
        }
        // Index files are named by the millisecond they are made in, so a replay has to know it, and two must not fall into one.
        settle();
        List<String> names = names(folder.resolve("index"));
        if (names.size() > indexFiles) {
            input.put("newIndexFile", names.get(names.size() - 1));
        }
        indexFiles = names.size();
        inputs.add(input);
        Thread.sleep(2);
    }

    long end() {
        return store.getMaxPhyOffset();
    }

    private void settle() throws Exception {
        for (int i = 0; store.dispatchBehindBytes() > 0; i++) {
            if (i > 20_000) {
                throw new IllegalStateException("not everything is dispatched after 20 s in " + folder);
            }
            Thread.sleep(1);
        }
    }

    void stop() throws Exception {
        settle();
        store.shutdown();
    }

    Map<String, Object> recorded() throws Exception {
        List<Object> after = new ArrayList<>();
        for (String name : names(folder)) {
            if (KEPT.matcher(name).matches()) {
                try (Stream<Path> files = Files.walk(folder.resolve(name))) {
                    for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                        after.add(file(file));
                    }
                }
            }
        }
        Map<String, Object> attributes = new LinkedHashMap<>();
        topics.forEach((name, topic) -> attributes.put(name, topic.getAttributes()));
        return Golden.map("config", config, "topics", attributes, "before", before, "inputs", inputs, "after", after);
    }

    private Map<String, Object> file(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        return Golden.map("path", folder.relativize(file).toString().replace(File.separatorChar, '/'), "bytes", bytes.length, "content", packed(bytes));
    }

    /** `hex:` and digits, or `zlib:` and base 64 where that would be long. */
    private static String packed(byte[] bytes) {
        if (bytes.length <= SHORT_BYTES) {
            return "hex:" + Golden.hex(bytes);
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream stream = new DeflaterOutputStream(packed, new Deflater(Deflater.BEST_COMPRESSION))) {
            stream.write(bytes);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return "zlib:" + Base64.getEncoder().encodeToString(packed.toByteArray());
    }

    private static List<String> names(Path folder) throws Exception {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    static InetSocketAddress address(String ip, int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByName(ip), port);
    }

    private static String host(java.net.SocketAddress address) {
        InetSocketAddress host = (InetSocketAddress) address;
        return "[" + host.getAddress().getHostAddress() + "]:" + host.getPort();
    }
}
