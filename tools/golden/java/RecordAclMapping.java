// SPDX-License-Identifier: Apache-2.0
// Records which resources and actions Java's broker asks for before it serves a request, for every request code.

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONArray;
import com.alibaba.fastjson2.JSONObject;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.File;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.rocketmq.auth.authorization.builder.DefaultAuthorizationContextBuilder;
import org.apache.rocketmq.auth.authorization.context.DefaultAuthorizationContext;
import org.apache.rocketmq.auth.config.AuthConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.RequestHeaderRegistry;

public final class RecordAclMapping {
    private static final int[] BY_HAND = {
        RequestCode.SEND_MESSAGE, RequestCode.SEND_MESSAGE_V2, RequestCode.SEND_BATCH_MESSAGE, RequestCode.PULL_MESSAGE,
        RequestCode.QUERY_MESSAGE, RequestCode.QUERY_CONSUMER_OFFSET, RequestCode.UPDATE_CONSUMER_OFFSET,
        RequestCode.UNREGISTER_CLIENT, RequestCode.CONSUMER_SEND_MSG_BACK, RequestCode.END_TRANSACTION,
        RequestCode.GET_CONSUMER_LIST_BY_GROUP, RequestCode.GET_ROUTEINFO_BY_TOPIC, RequestCode.RECALL_MESSAGE,
        RequestCode.POP_MESSAGE, RequestCode.ACK_MESSAGE, RequestCode.GET_MAX_OFFSET, RequestCode.QUERY_ASSIGNMENT,
    };
    private static final String[] TOPICS = {"%RETRY%Group", "%DLQ%Group", "ns%Topic", "%RETRY%ns%Group", "ns%%RETRY%Group", "Topic*", "", " "};

    private static final String[] NUMBERS = {"queueId", "commitOffset", "queueOffset", "maxMsgNums", "invisibleTime", "pollTime", "bornTime", "initMode", "offset"};

    private final DefaultAuthorizationContextBuilder builder;
    private final List<Object> cases = new ArrayList<>();

    private RecordAclMapping() {
        RequestHeaderRegistry.getInstance().initialize();
        AuthConfig config = new AuthConfig();
        config.setClusterName("GoldenCluster");
        builder = new DefaultAuthorizationContextBuilder(config);
    }

    /** Arguments: folder to write to, folder with the recorded requests. */
    public static void main(String[] args) throws Exception {
        RecordAclMapping recorder = new RecordAclMapping();
        recorder.recordedRequests(new File(args[1]));
        recorder.everyCode();
        recorder.topics();
        recorder.bodies();
        Golden.write(Path.of(args[0]), "resources", Golden.map("clusterName", "GoldenCluster", "cases", recorder.cases));
        System.exit(0);
    }

    /** Every request of the requests' fixtures, with all of its fields and with the required ones. */
    private void recordedRequests(File folder) throws Exception {
        File[] files = folder.listFiles((parent, name) -> name.endsWith(".json"));
        Arrays.sort(files);
        for (File file : files) {
            JSONObject fixture = JSON.parseObject(Files.readString(file.toPath()));
            JSONArray recorded = fixture.getJSONObject("request").getJSONArray("cases");
            for (Object each : recorded) {
                JSONObject one = (JSONObject) each;
                String name = one.getString("name");
                if (!name.equals("all fields") && !name.equals("required fields only")) {
                    continue;
                }
                Map<String, String> fields = new HashMap<>();
                JSONObject given = one.getJSONObject("fields");
                for (String field : given.keySet()) {
                    if (given.get(field) != null) {
                        fields.put(field, given.getString(field));
                    }
                }
                fields.put("AccessKey", "alice");
                record(fixture.getString("name") + ", " + name, fixture.getIntValue("code"), fields, null);
            }
        }
    }

    /** Every code Java knows, with nothing but a signature. */
    private void everyCode() throws Exception {
        for (Field constant : RequestCode.class.getDeclaredFields()) {
            if (constant.getType() == int.class) {
                record(constant.getName() + ", signed, no other field", constant.getInt(null), new HashMap<>(Map.of("AccessKey", "alice")), null);
            }
        }
    }

    /** Topics and groups of special form. */
    private void topics() {
        for (int code : BY_HAND) {
            for (String topic : TOPICS) {
                for (String group : new String[] {"Group", "%RETRY%Group", ""}) {
                    if (!group.equals("Group") && !topic.equals("ns%Topic")) {
                        continue;
                    }
                    Map<String, String> fields = new HashMap<>();
                    for (String name : new String[] {"topic", "b"}) {
                        fields.put(name, topic);
                    }
                    for (String name : new String[] {"group", "consumerGroup", "producerGroup", "a"}) {
                        fields.put(name, group);
                    }
                    fields.put("clientID", "c");
                    for (String name : NUMBERS) {
                        fields.put(name, "1");
                    }
                    fields.put("extraInfo", "x");
                    fields.put("AccessKey", "alice");
                    record("topic '" + topic + "', group '" + group + "'", code, fields, null);
                }
            }
            record("no topic", code, new HashMap<>(Map.of("AccessKey", "alice")), null);
            record("unsigned", code, new HashMap<>(Map.of("topic", "T", "b", "T", "group", "G", "consumerGroup", "G", "clientID", "c")), null);
            record("no fields", code, new HashMap<>(), null);
            record("no field map", code, null, null);
        }
    }

    private void bodies() {
        String consumer = "{\"groupName\":\"%s\",\"subscriptionDataSet\":[{\"topic\":\"%s\",\"subString\":\"*\"},{\"topic\":\"%s\",\"subString\":\"*\"}]}";
        String two = String.format(consumer, "G1", "T1", "%RETRY%G1") + "," + String.format(consumer, "G2", "T2", "%RETRY%Other");
        body("producers only", RequestCode.HEART_BEAT, "{\"clientID\":\"c\",\"producerDataSet\":[{\"groupName\":\"P\"}],\"consumerDataSet\":[]}");
        body("two groups", RequestCode.HEART_BEAT, "{\"clientID\":\"c\",\"producerDataSet\":[{\"groupName\":\"P\"}],\"consumerDataSet\":[" + two + "]}");
        body("no groups", RequestCode.HEART_BEAT, "{\"clientID\":\"c\"}");
        body("without fingerprint details", RequestCode.HEART_BEAT, "{\"clientID\":\"c\",\"heartbeatFingerprint\":7,\"withoutSub\":true,\"consumerDataSet\":[{\"groupName\":\"G1\"}]}");
        for (int code : new int[] {RequestCode.LOCK_BATCH_MQ, RequestCode.UNLOCK_BATCH_MQ}) {
            body("two topics", code, "{\"consumerGroup\":\"G\",\"clientId\":\"c\",\"mqSet\":[{\"topic\":\"T1\",\"brokerName\":\"b\",\"queueId\":0},{\"topic\":\"%RETRY%G\",\"brokerName\":\"b\",\"queueId\":0}]}");
            body("no queues", code, "{\"consumerGroup\":\"G\",\"clientId\":\"c\",\"mqSet\":[]}");
            body("no group", code, "{\"clientId\":\"c\",\"mqSet\":[]}");
            body("a body that is no JSON", code, "x");
            body("no body", code, null);
        }
        body("a body that is no JSON", RequestCode.HEART_BEAT, "x");
        body("no body", RequestCode.HEART_BEAT, null);
        body("topics in the body", RequestCode.UPDATE_AND_CREATE_TOPIC_LIST, "{\"topicConfigList\":[{\"topicName\":\"T1\"},{\"topicName\":\"T2\"}]}");
        body("groups in the body", RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, "{\"groupName\":\"G1\"}");
        body("groups in the body", RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST, "{\"groupConfigList\":[{\"groupName\":\"G1\"}]}");
        body("in the body", RequestCode.QUERY_ASSIGNMENT, "{\"topic\":\"T\",\"consumerGroup\":\"G\",\"clientId\":\"c\",\"strategyName\":\"AVG\",\"messageModel\":\"CLUSTERING\"}");
        body("in the body", RequestCode.BATCH_ACK_MESSAGE, "{\"brokerName\":\"b\",\"acks\":[{\"c\":\"G\",\"t\":\"T\"}]}");
    }

    private void body(String name, int code, String body) {
        // Java asks nothing of a request without any field; signed ones always have some.
        record(name, code, new HashMap<>(Map.of("AccessKey", "alice")), body);
    }

    private void record(String name, int code, Map<String, String> fields, String body) {
        RemotingCommand command = RemotingCommand.createRequestCommand(code, null);
        if (fields != null) {
            command.setExtFields(new HashMap<>(fields));
        }
        if (body != null) {
            command.setBody(body.getBytes(StandardCharsets.UTF_8));
        }
        Map<String, Object> one = Golden.map("name", name, "code", code, "fields", fields == null ? null : new TreeMap<>(fields), "body", body);
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        try {
            List<Object> asked = new ArrayList<>();
            for (DefaultAuthorizationContext context : builder.build(channel.pipeline().firstContext(), command)) {
                List<Object> actions = new ArrayList<>();
                context.getActions().forEach(action -> actions.add(action.getName()));
                asked.add(Golden.map(
                    "subject", context.getSubject() == null ? null : context.getSubject().getSubjectKey(),
                    "resource", context.getResource() == null ? null : context.getResource().getResourceKey(),
                    "actions", actions));
            }
            one.put("asked", asked);
        } catch (Exception e) {
            one.put("error", e.getClass().getSimpleName() + ": " + e.getMessage());
        } finally {
            channel.close();
        }
        cases.add(one);
    }
}
