// SPDX-License-Identifier: Apache-2.0
// Records the JSON text that Java writes for each body, and what it reads from other spellings.

import com.alibaba.fastjson2.JSONWriter;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.DataVersion;
import org.apache.rocketmq.remoting.protocol.LanguageCode;
import org.apache.rocketmq.remoting.protocol.RemotingSerializable;
import org.apache.rocketmq.remoting.protocol.admin.ConsumeStats;
import org.apache.rocketmq.remoting.protocol.admin.OffsetWrapper;
import org.apache.rocketmq.remoting.protocol.admin.TopicOffset;
import org.apache.rocketmq.remoting.protocol.admin.TopicStatsTable;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;
import org.apache.rocketmq.remoting.protocol.body.Connection;
import org.apache.rocketmq.remoting.protocol.body.ConsumerConnection;
import org.apache.rocketmq.remoting.protocol.body.ConsumerOffsetSerializeWrapper;
import org.apache.rocketmq.remoting.protocol.body.KVTable;
import org.apache.rocketmq.remoting.protocol.body.LockBatchRequestBody;
import org.apache.rocketmq.remoting.protocol.body.LockBatchResponseBody;
import org.apache.rocketmq.remoting.protocol.body.RegisterBrokerBody;
import org.apache.rocketmq.remoting.protocol.body.SubscriptionGroupWrapper;
import org.apache.rocketmq.remoting.protocol.body.TopicConfigAndMappingSerializeWrapper;
import org.apache.rocketmq.remoting.protocol.body.TopicConfigSerializeWrapper;
import org.apache.rocketmq.remoting.protocol.body.TopicList;
import org.apache.rocketmq.remoting.protocol.body.UnlockBatchRequestBody;
import org.apache.rocketmq.remoting.protocol.header.GetConsumerListByGroupResponseBody;
import org.apache.rocketmq.remoting.protocol.heartbeat.ConsumeType;
import org.apache.rocketmq.remoting.protocol.heartbeat.ConsumerData;
import org.apache.rocketmq.remoting.protocol.heartbeat.HeartbeatData;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;
import org.apache.rocketmq.remoting.protocol.heartbeat.ProducerData;
import org.apache.rocketmq.remoting.protocol.heartbeat.SubscriptionData;
import org.apache.rocketmq.remoting.protocol.filter.FilterAPI;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.route.QueueData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;
import org.apache.rocketmq.remoting.protocol.subscription.GroupRetryPolicy;
import org.apache.rocketmq.remoting.protocol.subscription.GroupRetryPolicyType;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;

public final class RecordBodies {
    private static final long TIME = 1700000000123L;
    private static final long BEYOND_DOUBLE = (1L << 53) + 1;

    /** Bodies that are filled by their declared types. */
    private static final String[] FILLED = {
        "remoting.protocol.body.AclInfo",
        "remoting.protocol.body.BatchAckMessageRequestBody",
        "remoting.protocol.body.BrokerReplicasInfo",
        "remoting.protocol.body.BrokerStatsData",
        "remoting.protocol.body.CheckClientRequestBody",
        "common.CheckRocksdbCqWriteResult",
        "remoting.protocol.body.ConsumeMessageDirectlyResult",
        "remoting.protocol.body.ConsumerRunningInfo",
        "remoting.protocol.body.ConsumeStatsList",
        "remoting.protocol.body.CreateTopicListRequestBody",
        "broker.schedule.DelayOffsetSerializeWrapper",
        "remoting.protocol.body.ElectMasterResponseBody",
        "remoting.protocol.body.EpochEntryCache",
        "remoting.protocol.body.GetBrokerLiteInfoResponseBody",
        "remoting.protocol.body.GetBrokerMemberGroupResponseBody",
        "remoting.protocol.body.GetConsumerStatusBody",
        "remoting.protocol.body.GetLiteClientInfoResponseBody",
        "remoting.protocol.body.GetLiteGroupInfoResponseBody",
        "remoting.protocol.body.GetLiteTopicInfoResponseBody",
        "remoting.protocol.body.GetParentTopicInfoResponseBody",
        "remoting.protocol.subscription.GroupForbidden",
        "remoting.protocol.body.GroupList",
        "remoting.protocol.body.HARuntimeInfo",
        "remoting.protocol.body.LiteSubscriptionCtlRequestBody",
        "remoting.protocol.body.MessageRequestModeSerializeWrapper",
        "remoting.protocol.body.ProducerConnection",
        "remoting.protocol.body.ProducerTableInfo",
        "remoting.protocol.body.QueryAssignmentRequestBody",
        "remoting.protocol.body.QueryAssignmentResponseBody",
        "remoting.protocol.body.QueryConsumeQueueResponseBody",
        "remoting.protocol.body.QueryConsumeTimeSpanBody",
        "remoting.protocol.body.QueryCorrectionOffsetBody",
        "remoting.protocol.body.QuerySubscriptionResponseBody",
        "remoting.protocol.body.ResetOffsetBody",
        "remoting.protocol.body.ResetOffsetBodyForC",
        "remoting.protocol.body.SetMessageRequestModeRequestBody",
        "remoting.protocol.body.SubscriptionGroupList",
        "remoting.protocol.body.SyncStateSet",
        "store.timer.TimerMetrics$TimerMetricsSerializeWrapper",
        "remoting.protocol.statictopic.TopicConfigAndQueueMapping",
        "remoting.protocol.statictopic.TopicQueueMappingDetail",
        "remoting.protocol.body.TopicQueueMappingSerializeWrapper",
        "remoting.protocol.body.UserInfo",
    };

    private static Path folder;

    public static void main(String[] args) throws Exception {
        folder = Path.of(args[0]);
        write("DataVersion", DataVersion.class, List.of(
            written("fresh", version(0, 0, TIME)),
            written("beyond double precision", version(BEYOND_DOUBLE, Long.MAX_VALUE, TIME))),
            "{\"counter\":\"7\",\"timestamp\":\"8\"}", "{\"counter\":1,\"stateVersion\":2,\"timestamp\":3,\"other\":[1]}");
        write("TopicRouteData", TopicRouteData.class, routeCases(),
            "{\"brokerDatas\":[{\"brokerAddrs\":{\"0\":\"a:1\"},\"brokerName\":\"b\",\"cluster\":\"c\"}],\"queueDatas\":[]}",
            "{brokerDatas:[{brokerAddrs:{0:\"a:1\",},brokerName:\"b\"}]}");
        write("ClusterInfo", ClusterInfo.class, List.of(written("two brokers", clusterInfo()), written("empty", new ClusterInfo())));
        write("TopicConfigSerializeWrapper", TopicConfigSerializeWrapper.class, List.of(
            written("two topics", topicConfigs(new TopicConfigSerializeWrapper())),
            written("fresh", withVersion(new TopicConfigSerializeWrapper()))));
        write("TopicConfigAndMappingSerializeWrapper", TopicConfigAndMappingSerializeWrapper.class, List.of(
            written("two topics", topicConfigsAndMapping())));
        write("RegisterBrokerBody", null, registerBrokerCases());
        write("RegisterBrokerResultKVTable", KVTable.class, List.of(written("order topic configuration", orderTable()), written("empty", new KVTable())));
        write("KVTable", KVTable.class, List.of(written("quotes and unicode", kvTable())));
        write("SubscriptionGroupWrapper", SubscriptionGroupWrapper.class, List.of(written("two groups", subscriptionGroups())));
        write("SubscriptionGroupConfig", SubscriptionGroupConfig.class, List.of(written("defaults", groupConfig("G")), written("all set", groupConfigAllSet())));
        write("ConsumerOffsetSerializeWrapper", ConsumerOffsetSerializeWrapper.class, List.of(
            written("two groups", consumerOffsets()), written("fresh", freshConsumerOffsets())),
            "{\"offsetTable\":{\"T@G\":{\"0\":9,\"1\":\"10\"}}}", "{\"offsetTable\":{\"T@G\":{0:9007199254740993}}}");
        write("HeartbeatData", HeartbeatData.class, heartbeatCases());
        write("SubscriptionData", SubscriptionData.class, subscriptionCases());
        write("GetConsumerListByGroupResponseBody", GetConsumerListByGroupResponseBody.class, consumerListCases());
        write("LockBatchRequestBody", LockBatchRequestBody.class, List.of(written("two queues", lockRequest())));
        write("LockBatchResponseBody", LockBatchResponseBody.class, List.of(written("two queues", lockResponse(2)), written("none", lockResponse(0))));
        write("UnlockBatchRequestBody", UnlockBatchRequestBody.class, List.of(written("two queues", unlockRequest())));
        write("TopicList", TopicList.class, topicListCases());
        write("TopicStatsTable", TopicStatsTable.class, List.of(written("two queues", topicStats()), written("empty", new TopicStatsTable())),
            "{\"offsetTable\":{{\"brokerName\":\"b\",\"queueId\":0,\"topic\":\"T\"}:{\"lastUpdateTimestamp\":3,\"maxOffset\":2,\"minOffset\":1}}}",
            "{\"offsetTable\":{\"{\\\"brokerName\\\":\\\"b\\\",\\\"queueId\\\":0,\\\"topic\\\":\\\"T\\\"}\":{\"maxOffset\":2,\"minOffset\":1}}}");
        write("ConsumeStats", ConsumeStats.class, List.of(written("two queues", consumeStats()), written("not a number", notANumber(Double.NaN)), written("infinite", notANumber(Double.POSITIVE_INFINITY))),
            "{\"consumeTps\":\"NaN\",\"offsetTable\":{}}");
        write("ConsumerConnection", ConsumerConnection.class, List.of(written("one connection", consumerConnection())));
        for (String name : FILLED) {
            Class<?> type = Class.forName("org.apache.rocketmq." + name);
            Map<String, Object> allSet = written("all set", Filled.instance(type, Filled.Style.USUAL));
            write(type.getSimpleName(), type, List.of(
                written("untouched", settled(Filled.untouched(type))),
                allSet,
                written("extreme values", Filled.instance(type, Filled.Style.EXTREME))),
                otherSpellings((String) allSet.get("text")));
        }
    }

    /** Unknown members, bare integers as keys and values in quotes, blanks, names of no constant. */
    private static String[] otherSpellings(String text) {
        return new String[] {
            "{\"unknown\":[{\"a\":null}]," + text.substring(1),
            text.replaceAll("([{,])(-?\\d+):", "$1\"$2\":"),
            text.replaceAll(":(-?\\d+)([,}])", ":\"$1\"$2"),
            text.replaceAll("([\\[,:])(?=[\"{\\[])", "$1 \n\t"),
            text.replaceAll("\"(PULL|CR_[A-Z_]+|POLICY|COMPLETE_ADD|BROADCASTING)\"", "\"NO_SUCH_NAME\""),
        };
    }

    /** A new DataVersion carries the clock. */
    private static Object settled(Object body) throws Exception {
        for (Field field : body.getClass().getDeclaredFields()) {
            if (field.getType() == DataVersion.class) {
                field.setAccessible(true);
                field.set(body, version(0, 0, TIME));
            }
        }
        return body;
    }

    private static Map<String, Object> written(String name, Object body) {
        return bytesCase(name, RemotingSerializable.encode(body));
    }

    private static Map<String, Object> bytesCase(String name, byte[] bytes) {
        return Golden.map("name", name, "text", new String(bytes, StandardCharsets.UTF_8), "hex", Golden.hex(bytes));
    }

    /** Writes a fixture: what Java writes, and what becomes of other spellings when Java reads and writes them again. */
    private static void write(String name, Class<?> type, List<? extends Object> cases, String... readings) throws Exception {
        List<Object> reads = new ArrayList<>();
        for (String text : readings) {
            Map<String, Object> read = Golden.map("text", text);
            try {
                read.put("rewritten", RemotingSerializable.toJson(RemotingSerializable.decode(Golden.utf8(text), type), false));
            } catch (Exception e) {
                read.put("error", e.getClass().getSimpleName());
            }
            reads.add(read);
        }
        Golden.write(folder, name, Golden.map("body", name, "cases", cases, "javaReads", reads));
    }

    private static DataVersion version(long counter, long stateVersion, long timestamp) {
        DataVersion version = new DataVersion();
        version.setCounter(new AtomicLong(counter));
        version.setStateVersion(stateVersion);
        version.setTimestamp(timestamp);
        return version;
    }

    private static HashMap<Long, String> addresses(String master, String slave) {
        HashMap<Long, String> addresses = new HashMap<>();
        addresses.put(0L, master);
        if (slave != null) {
            addresses.put(1L, slave);
        }
        return addresses;
    }

    private static QueueData queueData(String broker, int queues, int perm) {
        QueueData data = new QueueData();
        data.setBrokerName(broker);
        data.setReadQueueNums(queues);
        data.setWriteQueueNums(queues);
        data.setPerm(perm);
        data.setTopicSysFlag(0);
        return data;
    }

    private static List<Object> routeCases() {
        List<Object> cases = new ArrayList<>();
        cases.addAll(routeCase("two brokers", route(false)));
        cases.addAll(routeCase("everything set", route(true)));
        TopicRouteData empty = new TopicRouteData();
        cases.addAll(routeCase("empty", empty));
        return cases;
    }

    private static List<Object> routeCase(String name, TopicRouteData route) {
        Map<String, Object> old = bytesCase(name, route.encode());
        old.put("form", "bare integer keys");
        // Code 105 answers in this form for clients of 4.9.4 and later or on acceptStandardJsonOnly.
        Map<String, Object> standard = bytesCase(name,
            route.encode(JSONWriter.Feature.BrowserCompatible, JSONWriter.Feature.MapSortField));
        standard.put("form", "standard");
        return List.of(old, standard);
    }

    private static TopicRouteData route(boolean everything) {
        TopicRouteData route = new TopicRouteData();
        BrokerData a = new BrokerData("DefaultCluster", "broker-a", addresses("10.0.0.1:10911", "10.0.0.2:10911"));
        BrokerData b = new BrokerData("DefaultCluster", "broker-\u4e59", addresses("[fe80::1]:10911", null));
        route.setQueueDatas(new ArrayList<>(List.of(queueData("broker-a", 8, 6), queueData("broker-\u4e59", 4, 4))));
        route.setFilterServerTable(new HashMap<>());
        if (everything) {
            a.setEnableActingMaster(true);
            a.setZoneName("zone \"1\" <a&b>");
            a.getBrokerAddrs().put(BEYOND_DOUBLE, "10.0.0.3:10911");
            a.getBrokerAddrs().put(10L, "10.0.0.4:10911");
            route.setOrderTopicConf("broker-a:8;broker-b:4");
            route.getFilterServerTable().put("10.0.0.1:10911", List.of("10.0.0.1:20000"));
        }
        route.setBrokerDatas(new ArrayList<>(List.of(a, b)));
        return route;
    }

    private static ClusterInfo clusterInfo() {
        ClusterInfo info = new ClusterInfo();
        Map<String, BrokerData> brokers = new HashMap<>();
        brokers.put("broker-a", new BrokerData("C1", "broker-a", addresses("10.0.0.1:10911", "10.0.0.2:10911")));
        brokers.put("broker-b", new BrokerData("C2", "broker-b", addresses("10.0.0.3:10911", null)));
        Map<String, Set<String>> clusters = new HashMap<>();
        clusters.put("C1", new HashSet<>(Set.of("broker-a")));
        clusters.put("C2", new HashSet<>(Set.of("broker-b")));
        info.setBrokerAddrTable(brokers);
        info.setClusterAddrTable(clusters);
        return info;
    }

    private static <T extends TopicConfigSerializeWrapper> T withVersion(T wrapper) {
        wrapper.setDataVersion(version(0, 0, TIME));
        return wrapper;
    }

    private static <T extends TopicConfigSerializeWrapper> T topicConfigs(T wrapper) {
        ConcurrentMap<String, TopicConfig> table = new ConcurrentHashMap<>();
        TopicConfig plain = new TopicConfig("TopicTest", 8, 8, 6);
        TopicConfig rich = new TopicConfig("\u8ba2\u5355", 16, 4, 4, 3);
        rich.setOrder(true);
        Map<String, String> attributes = new HashMap<>();
        attributes.put("message.type", "DELAY");
        rich.setAttributes(attributes);
        table.put(plain.getTopicName(), plain);
        table.put(rich.getTopicName(), rich);
        wrapper.setTopicConfigTable(table);
        wrapper.setDataVersion(version(5, 1, TIME));
        return wrapper;
    }

    private static TopicConfigAndMappingSerializeWrapper topicConfigsAndMapping() {
        TopicConfigAndMappingSerializeWrapper wrapper = topicConfigs(new TopicConfigAndMappingSerializeWrapper());
        wrapper.setMappingDataVersion(version(0, 0, TIME));
        return wrapper;
    }

    private static List<Object> registerBrokerCases() throws Exception {
        List<Object> cases = new ArrayList<>();
        for (int filters = 0; filters < 2; filters++) {
            RegisterBrokerBody body = new RegisterBrokerBody();
            body.setTopicConfigSerializeWrapper(topicConfigsAndMapping());
            body.setFilterServerList(filters == 0 ? new ArrayList<>() : new ArrayList<>(List.of("10.0.0.1:20000")));
            for (boolean compressed : new boolean[] {false, true}) {
                byte[] bytes = body.encode(compressed);
                Map<String, Object> entry = Golden.map(
                    "name", (filters == 0 ? "no filter server" : "one filter server") + (compressed ? ", compressed" : ", plain"),
                    "compressed", compressed,
                    "bodyCrc32", UtilAll.crc32(bytes),
                    "hex", Golden.hex(bytes));
                if (compressed) {
                    entry.put("inflatedHex", Golden.hex(inflated(bytes)));
                } else {
                    entry.put("text", new String(bytes, StandardCharsets.UTF_8));
                }
                RegisterBrokerBody read = RegisterBrokerBody.decode(bytes, compressed, MQVersion.Version.V5_5_0);
                entry.put("javaReadsTopics", read.getTopicConfigSerializeWrapper().getTopicConfigTable().size());
                entry.put("javaReadsVersion", read.getTopicConfigSerializeWrapper().getDataVersion().toJson());
                cases.add(entry);
            }
        }
        return cases;
    }

    private static byte[] inflated(byte[] bytes) throws Exception {
        try (java.util.zip.InflaterInputStream stream = new java.util.zip.InflaterInputStream(new java.io.ByteArrayInputStream(bytes))) {
            return stream.readAllBytes();
        }
    }

    private static KVTable orderTable() {
        KVTable table = new KVTable();
        table.getTable().put("OrderTopic", "broker-a:8;broker-b:8");
        return table;
    }

    private static KVTable kvTable() {
        KVTable table = new KVTable();
        table.getTable().put("bootTimestamp", "1700000000000");
        table.getTable().put("quote\"key", "tab\t line\n back\\ slash/ nul\u0000 one\u0001 del\u007f");
        table.getTable().put("\u4e2d", "\ud83d\ude80 \u2028 \u00e9 <a href='x'>&</a>");
        table.getTable().put("empty", "");
        table.getTable().put("null", null);
        table.getTable().put("lone surrogate", "\ud83d");
        return table;
    }

    private static SubscriptionGroupConfig groupConfig(String name) {
        SubscriptionGroupConfig config = new SubscriptionGroupConfig();
        config.setGroupName(name);
        return config;
    }

    private static SubscriptionGroupConfig groupConfigAllSet() {
        SubscriptionGroupConfig config = groupConfig("\u7ec4-all");
        config.setConsumeEnable(false);
        config.setConsumeFromMinEnable(false);
        config.setConsumeBroadcastEnable(false);
        config.setConsumeMessageOrderly(true);
        config.setRetryQueueNums(2);
        config.setRetryMaxTimes(-1);
        config.setBrokerId(3);
        config.setWhichBrokerWhenConsumeSlowly(4);
        config.setNotifyConsumerIdsChangedEnable(false);
        config.setGroupSysFlag(1);
        config.setConsumeTimeoutMinute(30);
        GroupRetryPolicy policy = new GroupRetryPolicy();
        policy.setType(GroupRetryPolicyType.EXPONENTIAL);
        config.setGroupRetryPolicy(policy);
        Map<String, String> attributes = new HashMap<>();
        attributes.put("k", "v");
        config.setAttributes(attributes);
        return config;
    }

    private static SubscriptionGroupWrapper subscriptionGroups() {
        SubscriptionGroupWrapper wrapper = new SubscriptionGroupWrapper();
        wrapper.getSubscriptionGroupTable().put("G", groupConfig("G"));
        wrapper.getSubscriptionGroupTable().put("\u7ec4-all", groupConfigAllSet());
        ConcurrentMap<String, Integer> forbidden = new ConcurrentHashMap<>();
        forbidden.put("TopicTest", 4);
        wrapper.getForbiddenTable().put("G", forbidden);
        wrapper.setDataVersion(version(2, 0, TIME));
        return wrapper;
    }

    private static ConsumerOffsetSerializeWrapper consumerOffsets() {
        ConsumerOffsetSerializeWrapper wrapper = new ConsumerOffsetSerializeWrapper();
        ConcurrentMap<Integer, Long> first = new ConcurrentHashMap<>();
        first.put(0, 9L);
        first.put(1, 0L);
        first.put(10, BEYOND_DOUBLE);
        ConcurrentMap<Integer, Long> second = new ConcurrentHashMap<>();
        second.put(0, -1L);
        wrapper.getOffsetTable().put("TopicTest@G", first);
        wrapper.getOffsetTable().put("%RETRY%G@G", second);
        wrapper.setDataVersion(version(4, 0, TIME));
        return wrapper;
    }

    private static ConsumerOffsetSerializeWrapper freshConsumerOffsets() {
        ConsumerOffsetSerializeWrapper wrapper = new ConsumerOffsetSerializeWrapper();
        wrapper.setDataVersion(version(0, 0, TIME));
        return wrapper;
    }

    private static SubscriptionData subscription(String topic, String expression) throws Exception {
        SubscriptionData data = FilterAPI.buildSubscriptionData(topic, expression);
        data.setSubVersion(TIME);
        return data;
    }

    private static List<Object> subscriptionCases() throws Exception {
        SubscriptionData sql = FilterAPI.build("TopicTest", "a > 1 AND b = 'x'", "SQL92");
        sql.setSubVersion(TIME);
        SubscriptionData old = subscription("TopicTest", "*");
        old.setSubVersion(BEYOND_DOUBLE);
        return Arrays.asList(
            written("all", old),
            written("one tag", subscription("TopicTest", "TagA")),
            written("three tags", subscription("TopicTest", "TagA || TagB||\u6807\u7b7e")),
            written("null expression", subscription("TopicTest", null)),
            written("sql", sql));
    }

    private static List<Object> heartbeatCases() throws Exception {
        HeartbeatData full = new HeartbeatData();
        full.setClientID("10.0.0.1@4711#123");
        ProducerData producer = new ProducerData();
        producer.setGroupName("PG");
        full.getProducerDataSet().add(producer);
        ConsumerData consumer = new ConsumerData();
        consumer.setGroupName("G");
        consumer.setConsumeType(ConsumeType.CONSUME_PASSIVELY);
        consumer.setMessageModel(MessageModel.CLUSTERING);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_LAST_OFFSET);
        consumer.setSubscriptionDataSet(new LinkedHashSet<>(Arrays.asList(
            subscription("TopicTest", "TagA || TagB"), subscription("%RETRY%G", "*"))));
        full.getConsumerDataSet().add(consumer);
        Map<String, Object> fullCase = written("producer and consumer", full);
        fullCase.put("computedFingerprint", full.computeHeartbeatFingerprint());

        HeartbeatData light = new HeartbeatData();
        light.setClientID("c1");
        light.setWithoutSub(true);
        light.setHeartbeatFingerprint(-123456789);

        HeartbeatData pull = new HeartbeatData();
        pull.setClientID("c2");
        ConsumerData broadcast = new ConsumerData();
        broadcast.setGroupName("B");
        broadcast.setConsumeType(ConsumeType.CONSUME_ACTIVELY);
        broadcast.setMessageModel(MessageModel.BROADCASTING);
        broadcast.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_TIMESTAMP);
        broadcast.setUnitMode(true);
        pull.getConsumerDataSet().add(broadcast);
        return Arrays.asList(fullCase, written("fingerprint only", light), written("active, broadcasting", pull));
    }

    private static List<Object> consumerListCases() {
        GetConsumerListByGroupResponseBody two = new GetConsumerListByGroupResponseBody();
        two.setConsumerIdList(List.of("10.0.0.1@1", "10.0.0.1@2"));
        return Arrays.asList(written("two", two), written("unset", new GetConsumerListByGroupResponseBody()));
    }

    private static Set<MessageQueue> queues(int count) {
        Set<MessageQueue> queues = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            queues.add(new MessageQueue("TopicTest", "broker-a", i));
        }
        return queues;
    }

    private static LockBatchRequestBody lockRequest() {
        LockBatchRequestBody body = new LockBatchRequestBody();
        body.setConsumerGroup("G");
        body.setClientId("10.0.0.1@1");
        body.setMqSet(queues(2));
        return body;
    }

    private static LockBatchResponseBody lockResponse(int count) {
        LockBatchResponseBody body = new LockBatchResponseBody();
        body.setLockOKMQSet(queues(count));
        return body;
    }

    private static UnlockBatchRequestBody unlockRequest() {
        UnlockBatchRequestBody body = new UnlockBatchRequestBody();
        body.setConsumerGroup("G");
        body.setClientId("10.0.0.1@1");
        body.setMqSet(queues(2));
        return body;
    }

    private static List<Object> topicListCases() {
        TopicList two = new TopicList();
        two.setTopicList(new LinkedHashSet<>(List.of("TopicTest", "TBW102")));
        TopicList withAddress = new TopicList();
        withAddress.setTopicList(new LinkedHashSet<>(List.of("DefaultCluster")));
        withAddress.setBrokerAddr("10.0.0.1:10911");
        return Arrays.asList(written("two", two), written("with broker address", withAddress), written("empty", new TopicList()));
    }

    private static TopicStatsTable topicStats() {
        TopicStatsTable table = new TopicStatsTable();
        for (MessageQueue queue : queues(2)) {
            TopicOffset offset = new TopicOffset();
            offset.setMinOffset(queue.getQueueId());
            offset.setMaxOffset(queue.getQueueId() == 0 ? 100 : BEYOND_DOUBLE);
            offset.setLastUpdateTimestamp(TIME);
            table.getOffsetTable().put(queue, offset);
        }
        return table;
    }

    private static ConsumeStats consumeStats() {
        ConsumeStats stats = new ConsumeStats();
        for (MessageQueue queue : queues(2)) {
            OffsetWrapper offset = new OffsetWrapper();
            offset.setBrokerOffset(100);
            offset.setConsumerOffset(90);
            offset.setPullOffset(95);
            offset.setLastTimestamp(TIME);
            stats.getOffsetTable().put(queue, offset);
        }
        stats.setConsumeTps(12.5);
        return stats;
    }

    private static ConsumeStats notANumber(double tps) {
        ConsumeStats stats = new ConsumeStats();
        stats.setConsumeTps(tps);
        return stats;
    }

    private static ConsumerConnection consumerConnection() throws Exception {
        ConsumerConnection body = new ConsumerConnection();
        Connection connection = new Connection();
        connection.setClientId("10.0.0.1@1");
        connection.setClientAddr("10.0.0.1:54321");
        connection.setLanguage(LanguageCode.JAVA);
        connection.setVersion(513);
        body.getConnectionSet().add(connection);
        body.getSubscriptionTable().put("TopicTest", subscription("TopicTest", "TagA || TagB"));
        body.setConsumeType(ConsumeType.CONSUME_PASSIVELY);
        body.setMessageModel(MessageModel.CLUSTERING);
        body.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        return body;
    }
}
