// SPDX-License-Identifier: Apache-2.0
// Records request and response frames of every request code of the first milestone, in both header encodings.

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.rocketmq.remoting.CommandCustomHeader;
import org.apache.rocketmq.remoting.annotation.CFNotNull;
import org.apache.rocketmq.remoting.exception.RemotingCommandException;
import org.apache.rocketmq.remoting.protocol.LanguageCode;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.SerializeType;

public final class RecordRequests {
    private static final String HEADERS = "org.apache.rocketmq.remoting.protocol.header.";
    private static final int OPAQUE = 305419896;
    private static final byte[] BODY = Golden.utf8("body \u6d88\u606f");

    // Code name, request header, response header; "-" where Java uses none.
    private static final String[][] CODES = {
        {"SEND_MESSAGE", "SendMessageRequestHeader", "SendMessageResponseHeader"},
        {"SEND_MESSAGE_V2", "SendMessageRequestHeaderV2", "SendMessageResponseHeader"},
        {"SEND_BATCH_MESSAGE", "SendMessageRequestHeaderV2", "SendMessageResponseHeader"},
        {"PULL_MESSAGE", "PullMessageRequestHeader", "PullMessageResponseHeader"},
        {"LITE_PULL_MESSAGE", "PullMessageRequestHeader", "PullMessageResponseHeader"},
        {"QUERY_CONSUMER_OFFSET", "QueryConsumerOffsetRequestHeader", "QueryConsumerOffsetResponseHeader"},
        {"UPDATE_CONSUMER_OFFSET", "UpdateConsumerOffsetRequestHeader", "UpdateConsumerOffsetResponseHeader"},
        {"UPDATE_AND_CREATE_TOPIC", "CreateTopicRequestHeader", "-"},
        {"GET_ALL_TOPIC_CONFIG", "GetAllTopicConfigRequestHeader", "GetAllTopicConfigResponseHeader"},
        {"UPDATE_BROKER_CONFIG", "-", "-"},
        {"GET_BROKER_CONFIG", "-", "GetBrokerConfigResponseHeader"},
        {"GET_BROKER_RUNTIME_INFO", "-", "-"},
        {"SEARCH_OFFSET_BY_TIMESTAMP", "SearchOffsetRequestHeader", "SearchOffsetResponseHeader"},
        {"GET_MAX_OFFSET", "GetMaxOffsetRequestHeader", "GetMaxOffsetResponseHeader"},
        {"GET_MIN_OFFSET", "GetMinOffsetRequestHeader", "GetMinOffsetResponseHeader"},
        {"GET_EARLIEST_MSG_STORETIME", "GetEarliestMsgStoretimeRequestHeader", "GetEarliestMsgStoretimeResponseHeader"},
        {"VIEW_MESSAGE_BY_ID", "ViewMessageRequestHeader", "ViewMessageResponseHeader"},
        {"HEART_BEAT", "HeartbeatRequestHeader", "-"},
        {"UNREGISTER_CLIENT", "UnregisterClientRequestHeader", "UnregisterClientResponseHeader"},
        {"CONSUMER_SEND_MSG_BACK", "ConsumerSendMsgBackRequestHeader", "-"},
        {"GET_CONSUMER_LIST_BY_GROUP", "GetConsumerListByGroupRequestHeader", "GetConsumerListByGroupResponseHeader"},
        {"CHECK_TRANSACTION_STATE", "CheckTransactionStateRequestHeader", "-"},
        {"NOTIFY_CONSUMER_IDS_CHANGED", "NotifyConsumerIdsChangedRequestHeader", "-"},
        {"LOCK_BATCH_MQ", "LockBatchMqRequestHeader", "-"},
        {"UNLOCK_BATCH_MQ", "UnlockBatchMqRequestHeader", "-"},
        {"GET_ALL_CONSUMER_OFFSET", "-", "-"},
        {"REGISTER_BROKER", "namesrv.RegisterBrokerRequestHeader", "namesrv.RegisterBrokerResponseHeader"},
        {"UNREGISTER_BROKER", "namesrv.UnRegisterBrokerRequestHeader", "-"},
        {"GET_ROUTEINFO_BY_TOPIC", "namesrv.GetRouteInfoRequestHeader", "-"},
        {"GET_BROKER_CLUSTER_INFO", "-", "-"},
        {"UPDATE_AND_CREATE_SUBSCRIPTIONGROUP", "-", "-"},
        {"GET_ALL_SUBSCRIPTIONGROUP_CONFIG", "GetAllSubscriptionGroupRequestHeader", "GetAllSubscriptionGroupResponseHeader"},
        {"GET_TOPIC_STATS_INFO", "GetTopicStatsInfoRequestHeader", "-"},
        {"GET_CONSUMER_CONNECTION_LIST", "GetConsumerConnectionListRequestHeader", "-"},
        {"GET_ALL_TOPIC_LIST_FROM_NAMESERVER", "-", "-"},
        {"DELETE_TOPIC_IN_BROKER", "DeleteTopicRequestHeader", "-"},
        {"DELETE_TOPIC_IN_NAMESRV", "namesrv.DeleteTopicFromNamesrvRequestHeader", "-"},
        {"GET_TOPICS_BY_CLUSTER", "GetTopicsByClusterRequestHeader", "-"},
        {"GET_SYSTEM_TOPIC_LIST_FROM_NS", "-", "-"},
        {"QUERY_DATA_VERSION", "namesrv.QueryDataVersionRequestHeader", "namesrv.QueryDataVersionResponseHeader"},
        {"BROKER_HEARTBEAT", "namesrv.BrokerHeartbeatRequestHeader", "-"},
    };

    /** How a case fills the fields of a header: null leaves the field as the constructor made it. */
    private record Filling(String name, Function<Field, Object> value) {
    }

    private static final List<Filling> FILLINGS = List.of(
        new Filling("all fields", RecordRequests::usual),
        new Filling("extreme values", RecordRequests::extreme),
        new Filling("required fields only", field -> isRequired(field) ? usual(field) : null));

    public static void main(String[] args) throws Exception {
        System.setProperty(RemotingCommand.REMOTING_VERSION_KEY, "513");
        Path folder = Path.of(args[0]);
        for (String[] row : CODES) {
            int code = RequestCode.class.getField(row[0]).getInt(null);
            Class<? extends CommandCustomHeader> request = headerClass(row[1]);
            Class<? extends CommandCustomHeader> response = headerClass(row[2]);
            Golden.write(folder, row[0], Golden.map(
                "code", code,
                "name", row[0],
                "request", Golden.map(
                    "headerClass", request == null ? null : request.getName(),
                    "declared", declared(request),
                    "cases", requestCases(code, request)),
                "response", Golden.map(
                    "headerClass", response == null ? null : response.getName(),
                    "declared", declared(response),
                    "cases", responseCases(response))));
        }
    }

    private static List<Object> requestCases(int code, Class<? extends CommandCustomHeader> type) throws Exception {
        List<Object> cases = new ArrayList<>();
        for (Filling filling : FILLINGS) {
            if (type == null && filling != FILLINGS.get(0)) {
                continue;
            }
            String name = type == null ? "no header" : filling.name();
            cases.add(requestCase(name, code, type, filling, null, false));
            if (filling == FILLINGS.get(0)) {
                cases.add(requestCase(name + ", with body", code, type, filling, BODY, false));
                cases.add(requestCase(name + ", oneway", code, type, filling, null, true));
            }
        }
        return cases;
    }

    private static Map<String, Object> requestCase(String name, int code, Class<? extends CommandCustomHeader> type,
        Filling filling, byte[] body, boolean oneway) throws Exception {
        CommandCustomHeader header = type == null ? null : type.getDeclaredConstructor().newInstance();
        fill(header, filling);
        return frameCase(name, header, body, () -> {
            RemotingCommand command = RemotingCommand.createRequestCommand(code, header);
            if (oneway) {
                command.markOnewayRPC();
            }
            return command;
        });
    }

    private static List<Object> responseCases(Class<? extends CommandCustomHeader> type) throws Exception {
        List<Object> cases = new ArrayList<>();
        for (Filling filling : FILLINGS) {
            if (type == null && filling != FILLINGS.get(0)) {
                continue;
            }
            String name = type == null ? "success, no header" : "success, " + filling.name();
            cases.add(responseCase(name, type, filling, 0, null, null));
            if (filling == FILLINGS.get(0)) {
                cases.add(responseCase(name + ", with body", type, filling, 0, null, BODY));
            }
        }
        Filling untouched = new Filling("untouched", field -> null);
        cases.add(responseCase("error with remark", type, untouched, 1,
            "said \"no\" \\ \u4e0d\u884c \ud83d\ude80\n\ttab", null));
        cases.add(responseCase("error with empty remark", type, untouched, 17, "", null));
        return cases;
    }

    private static Map<String, Object> responseCase(String name, Class<? extends CommandCustomHeader> type,
        Filling filling, int code, String remark, byte[] body) throws Exception {
        CommandCustomHeader[] header = new CommandCustomHeader[1];
        CommandMaker maker = () -> {
            // The two-argument form with a class is what server handlers call first.
            RemotingCommand command = type == null
                ? RemotingCommand.createResponseCommand(code, remark)
                : RemotingCommand.createResponseCommand(type);
            header[0] = command.readCustomHeader();
            fill(header[0], filling);
            command.setCode(code);
            command.setRemark(remark);
            return command;
        };
        maker.make();
        return frameCase(name, header[0], body, maker);
    }

    private interface CommandMaker {
        RemotingCommand make() throws Exception;
    }

    private static Map<String, Object> frameCase(String name, CommandCustomHeader header, byte[] body,
        CommandMaker maker) throws Exception {
        Map<String, Object> fields = Golden.map();
        Map<String, Object> values = Golden.map();
        if (header != null) {
            for (Field field : fieldsOf(header.getClass())) {
                Object value = field.get(header);
                fields.put(field.getName(), value == null ? null : value.toString());
                values.put(field.getName(), Golden.exact(value));
            }
        }
        RemotingCommand sample = maker.make();
        Map<String, Object> result = Golden.map(
            "name", name,
            "code", sample.getCode(),
            "opaque", OPAQUE,
            "flag", sample.getFlag(),
            "language", "JAVA",
            "version", 513,
            "remark", sample.getRemark(),
            "fields", fields,
            "values", values,
            "bodyHex", body == null ? null : Golden.hex(body));
        result.put("json", encodings(maker, header, body, SerializeType.JSON));
        if (sample.getCode() <= Short.MAX_VALUE) {
            result.put("binary", encodings(maker, header, body, SerializeType.ROCKETMQ));
        }
        return result;
    }

    private static Map<String, Object> encodings(CommandMaker maker, CommandCustomHeader header, byte[] body,
        SerializeType type) throws Exception {
        // What the socket carries: the netty encoder writes the header this way, then the body.
        RemotingCommand onWire = prepared(maker, body, type);
        ByteBuf buffer = Unpooled.buffer();
        onWire.fastEncodeHeader(buffer);
        if (body != null) {
            buffer.writeBytes(body);
        }
        byte[] frame = new byte[buffer.readableBytes()];
        buffer.readBytes(frame);

        Map<String, Object> result = Golden.map("hex", Golden.hex(frame));
        if (type == SerializeType.JSON) {
            int headerLength = ByteBuffer.wrap(frame).getInt(4) & 0xffffff;
            result.put("headerText", new String(frame, 8, headerLength, StandardCharsets.UTF_8));
        }
        // RemotingCommand.encode() lays the same fields out in map order where the header has a fast path.
        byte[] mapOrder = Golden.bytes(prepared(maker, body, type).encode());
        if (!Arrays.equals(frame, mapOrder)) {
            result.put("mapOrderHex", Golden.hex(mapOrder));
        }
        Map<String, Object> differently = readDifferently(frame, maker, header);
        if (!differently.isEmpty()) {
            result.put("javaReads", differently);
        }
        return result;
    }

    private static RemotingCommand prepared(CommandMaker maker, byte[] body, SerializeType type) throws Exception {
        RemotingCommand command = maker.make();
        command.setOpaque(OPAQUE);
        command.setLanguage(LanguageCode.JAVA);
        command.setVersion(513);
        command.setSerializeTypeCurrentRPC(type);
        command.setBody(body);
        return command;
    }

    /** What Java does not read back as it was written; an empty binary value, for one, comes back as null. */
    private static Map<String, Object> readDifferently(byte[] frame, CommandMaker maker, CommandCustomHeader header)
        throws Exception {
        RemotingCommand command = RemotingCommand.decode(ByteBuffer.wrap(frame, 4, frame.length - 4).slice());
        Map<String, Object> result = Golden.map();
        if (!Objects.equals(command.getRemark(), maker.make().getRemark())) {
            result.put("remark", command.getRemark());
        }
        if (header == null) {
            return result;
        }
        try {
            CommandCustomHeader read = command.decodeCommandCustomHeader(header.getClass());
            Map<String, Object> values = Golden.map();
            for (Field field : fieldsOf(header.getClass())) {
                if (!Objects.equals(field.get(read), field.get(header))) {
                    values.put(field.getName(), Golden.exact(field.get(read)));
                }
            }
            if (!values.isEmpty()) {
                result.put("values", values);
            }
        } catch (RemotingCommandException e) {
            result.put("error", e.getMessage());
        }
        return result;
    }

    private static void fill(CommandCustomHeader header, Filling filling) throws Exception {
        if (header == null) {
            return;
        }
        for (Field field : fieldsOf(header.getClass())) {
            Object value = filling.value().apply(field);
            if (value != null) {
                field.set(header, value);
            }
        }
    }

    private static Object usual(Field field) {
        String name = field.getName();
        Class<?> type = field.getType();
        if (type == String.class) {
            switch (name) {
                case "properties":
                case "i":
                    return "TAGS\u0001TagA\u0002KEYS\u0001k1 k2\u0002\u540d\u0001\u503c\ud83d\ude80\u0002WAIT\u0001true\u0002";
                case "topic":
                case "b":
                    return "\u8ba2\u5355-Topic";
                case "attributes":
                    return "+message.type=NORMAL";
                case "subscription":
                    return "TagA || \"TagB\"";
                case "version":
                case "dataVersion":
                    return "{\"counter\":3,\"stateVersion\":0,\"timestamp\":1700000000000}";
                case "topicFilterType":
                    return "SINGLE_TAG";
                case "expressionType":
                    return "TAG";
                case "brokerAddr":
                case "haServerAddr":
                case "masterAddr":
                    return "10.0.0.1:10911";
                default:
                    return name + "/v";
            }
        }
        if (type == int.class || type == Integer.class) {
            return 16 + name.length();
        }
        if (type == long.class || type == Long.class) {
            return 1700000000000L + name.length();
        }
        if (type == double.class || type == Double.class) {
            return 1.5;
        }
        if (type == boolean.class || type == Boolean.class) {
            return name.length() % 2 == 0;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[type.getEnumConstants().length - 1];
        }
        throw new IllegalStateException("no sample for " + type + " " + name);
    }

    private static Object extreme(Field field) {
        int turn = field.getName().length() % 4;
        Class<?> type = field.getType();
        if (field.getName().equals("topicFilterType")) {
            return "MULTI_TAG";
        }
        if (type == String.class) {
            return new String[] {"", "\"\\/\u0000\u0001\u0002\u001f\u007f\u2028", "\u00e9\u4e2d\ud83d\ude80", " spaced "}[turn];
        }
        if (type == int.class || type == Integer.class) {
            return new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0}[turn];
        }
        if (type == long.class || type == Long.class) {
            return new long[] {(1L << 53) - 1, (1L << 53) + 1, Long.MIN_VALUE, Long.MAX_VALUE}[turn];
        }
        if (type == double.class || type == Double.class) {
            return 1e-7;
        }
        if (type == boolean.class || type == Boolean.class) {
            return true;
        }
        return type.getEnumConstants()[0];
    }

    private static List<Object> declared(Class<?> type) {
        List<Object> result = new ArrayList<>();
        for (Field field : fieldsOf(type)) {
            result.add(Golden.map(
                "name", field.getName(),
                "type", field.getType().getSimpleName(),
                "required", isRequired(field),
                "declaredIn", field.getDeclaringClass().getSimpleName()));
        }
        return result;
    }

    private static boolean isRequired(Field field) {
        return field.isAnnotationPresent(CFNotNull.class);
    }

    /** The fields Java puts on the wire: own ones first, then those of each base class. */
    private static List<Field> fieldsOf(Class<?> type) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getName().startsWith("this")) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    @SuppressWarnings("unchecked")
    private static Class<? extends CommandCustomHeader> headerClass(String name) throws Exception {
        return name.equals("-") ? null : (Class<? extends CommandCustomHeader>) Class.forName(HEADERS + name);
    }
}
