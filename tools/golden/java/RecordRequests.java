// SPDX-License-Identifier: Apache-2.0
// Records request and response frames of every request code that travels, in both header encodings.

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
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
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

    // Code name, request header, response header ("-" where Java uses none), what else it puts into the ext fields.
    private static final String[][] CODES = {
        {"SEND_MESSAGE", "SendMessageRequestHeader", "SendMessageResponseHeader"},
        {"PULL_MESSAGE", "PullMessageRequestHeader", "PullMessageResponseHeader"},
        {"QUERY_MESSAGE", "QueryMessageRequestHeader", "QueryMessageResponseHeader"},
        {"QUERY_CONSUMER_OFFSET", "QueryConsumerOffsetRequestHeader", "QueryConsumerOffsetResponseHeader"},
        {"UPDATE_CONSUMER_OFFSET", "UpdateConsumerOffsetRequestHeader", "UpdateConsumerOffsetResponseHeader"},
        {"UPDATE_AND_CREATE_TOPIC", "CreateTopicRequestHeader", "-"},
        {"UPDATE_AND_CREATE_TOPIC_LIST", "CreateTopicListRequestHeader", "-"},
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
        {"END_TRANSACTION", "EndTransactionRequestHeader", "-"},
        {"GET_CONSUMER_LIST_BY_GROUP", "GetConsumerListByGroupRequestHeader", "GetConsumerListByGroupResponseHeader"},
        {"CHECK_TRANSACTION_STATE", "CheckTransactionStateRequestHeader", "-"},
        {"NOTIFY_CONSUMER_IDS_CHANGED", "NotifyConsumerIdsChangedRequestHeader", "-"},
        {"LOCK_BATCH_MQ", "LockBatchMqRequestHeader", "-"},
        {"UNLOCK_BATCH_MQ", "UnlockBatchMqRequestHeader", "-"},
        {"GET_ALL_CONSUMER_OFFSET", "-", "-"},
        {"GET_ALL_DELAY_OFFSET", "-", "-"},
        {"CHECK_CLIENT_CONFIG", "-", "-"},
        {"GET_TIMER_CHECK_POINT", "-", "-"},
        {"GET_TIMER_METRICS", "-", "-"},
        {"PUT_KV_CONFIG", "namesrv.PutKVConfigRequestHeader", "-"},
        {"GET_KV_CONFIG", "namesrv.GetKVConfigRequestHeader", "namesrv.GetKVConfigResponseHeader"},
        {"DELETE_KV_CONFIG", "namesrv.DeleteKVConfigRequestHeader", "-"},
        {"REGISTER_BROKER", "namesrv.RegisterBrokerRequestHeader", "namesrv.RegisterBrokerResponseHeader"},
        {"UNREGISTER_BROKER", "namesrv.UnRegisterBrokerRequestHeader", "-"},
        {"GET_ROUTEINFO_BY_TOPIC", "namesrv.GetRouteInfoRequestHeader", "-"},
        {"GET_BROKER_CLUSTER_INFO", "-", "-"},
        {"UPDATE_AND_CREATE_SUBSCRIPTIONGROUP", "-", "-"},
        {"GET_ALL_SUBSCRIPTIONGROUP_CONFIG", "GetAllSubscriptionGroupRequestHeader", "GetAllSubscriptionGroupResponseHeader"},
        {"GET_TOPIC_STATS_INFO", "GetTopicStatsInfoRequestHeader", "-"},
        {"GET_CONSUMER_CONNECTION_LIST", "GetConsumerConnectionListRequestHeader", "-"},
        {"GET_PRODUCER_CONNECTION_LIST", "GetProducerConnectionListRequestHeader", "-"},
        {"WIPE_WRITE_PERM_OF_BROKER", "namesrv.WipeWritePermOfBrokerRequestHeader", "namesrv.WipeWritePermOfBrokerResponseHeader"},
        {"GET_ALL_TOPIC_LIST_FROM_NAMESERVER", "-", "-"},
        {"DELETE_SUBSCRIPTIONGROUP", "DeleteSubscriptionGroupRequestHeader", "-"},
        {"GET_CONSUME_STATS", "GetConsumeStatsRequestHeader", "-"},
        {"DELETE_TOPIC_IN_BROKER", "DeleteTopicRequestHeader", "-"},
        {"DELETE_TOPIC_IN_NAMESRV", "namesrv.DeleteTopicFromNamesrvRequestHeader", "-"},
        {"REGISTER_TOPIC_IN_NAMESRV", "namesrv.RegisterTopicRequestHeader", "-"},
        {"GET_KVLIST_BY_NAMESPACE", "namesrv.GetKVListByNamespaceRequestHeader", "-"},
        {"RESET_CONSUMER_CLIENT_OFFSET", "ResetOffsetRequestHeader", "-"},
        {"GET_CONSUMER_STATUS_FROM_CLIENT", "GetConsumerStatusRequestHeader", "-"},
        {"INVOKE_BROKER_TO_RESET_OFFSET", "ResetOffsetRequestHeader", "-"},
        {"INVOKE_BROKER_TO_GET_CONSUMER_STATUS", "GetConsumerStatusRequestHeader", "-"},
        {"GET_TOPICS_BY_CLUSTER", "GetTopicsByClusterRequestHeader", "-"},
        {"UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST", "-", "-"},
        {"QUERY_TOPIC_CONSUME_BY_WHO", "QueryTopicConsumeByWhoRequestHeader", "-"},
        {"QUERY_CONSUME_TIME_SPAN", "QueryConsumeTimeSpanRequestHeader", "-"},
        {"GET_SYSTEM_TOPIC_LIST_FROM_NS", "-", "-"},
        {"GET_SYSTEM_TOPIC_LIST_FROM_BROKER", "-", "-"},
        {"CLEAN_EXPIRED_CONSUMEQUEUE", "-", "-"},
        {"GET_CONSUMER_RUNNING_INFO", "GetConsumerRunningInfoRequestHeader", "-"},
        {"QUERY_CORRECTION_OFFSET", "QueryCorrectionOffsetHeader", "-"},
        {"CONSUME_MESSAGE_DIRECTLY", "ConsumeMessageDirectlyResultRequestHeader", "-"},
        {"SEND_MESSAGE_V2", "SendMessageRequestHeaderV2", "SendMessageResponseHeader"},
        {"GET_UNIT_TOPIC_LIST", "-", "-"},
        {"GET_HAS_UNIT_SUB_TOPIC_LIST", "-", "-"},
        {"GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST", "-", "-"},
        {"CLONE_GROUP_OFFSET", "CloneGroupOffsetRequestHeader", "-"},
        {"VIEW_BROKER_STATS_DATA", "ViewBrokerStatsDataRequestHeader", "-"},
        {"CLEAN_UNUSED_TOPIC", "-", "-"},
        {"GET_BROKER_CONSUME_STATS", "GetConsumeStatsInBrokerHeader", "-"},
        {"UPDATE_NAMESRV_CONFIG", "-", "-"},
        {"GET_NAMESRV_CONFIG", "-", "-"},
        {"SEND_BATCH_MESSAGE", "SendMessageRequestHeaderV2", "SendMessageResponseHeader"},
        {"QUERY_CONSUME_QUEUE", "QueryConsumeQueueRequestHeader", "-"},
        {"QUERY_DATA_VERSION", "namesrv.QueryDataVersionRequestHeader", "namesrv.QueryDataVersionResponseHeader"},
        {"RESUME_CHECK_HALF_MESSAGE", "ResumeCheckHalfMessageRequestHeader", "-"},
        {"SEND_REPLY_MESSAGE", "SendMessageRequestHeader", "SendMessageResponseHeader"},
        {"SEND_REPLY_MESSAGE_V2", "SendMessageRequestHeaderV2", "SendMessageResponseHeader"},
        {"PUSH_REPLY_MESSAGE_TO_CLIENT", "ReplyMessageRequestHeader", "-"},
        {"ADD_WRITE_PERM_OF_BROKER", "namesrv.AddWritePermOfBrokerRequestHeader", "namesrv.AddWritePermOfBrokerResponseHeader"},
        {"GET_ALL_PRODUCER_INFO", "GetAllProducerInfoRequestHeader", "-"},
        {"DELETE_EXPIRED_COMMITLOG", "-", "-"},
        {"QUERY_TOPICS_BY_CONSUMER", "QueryTopicsByConsumerRequestHeader", "-"},
        {"QUERY_SUBSCRIPTION_BY_CONSUMER", "QuerySubscriptionByConsumerRequestHeader", "-"},
        {"GET_TOPIC_CONFIG", "GetTopicConfigRequestHeader", "-"},
        {"GET_SUBSCRIPTIONGROUP_CONFIG", "GetSubscriptionGroupConfigRequestHeader", "-"},
        {"UPDATE_AND_GET_GROUP_FORBIDDEN", "UpdateGroupForbiddenRequestHeader", "-"},
        {"CHECK_ROCKSDB_CQ_WRITE_PROGRESS", "CheckRocksdbCqWriteProgressRequestHeader", "-"},
        {"EXPORT_ROCKSDB_CONFIG_TO_JSON", "ExportRocksDBConfigToJsonRequestHeader", "-"},
        {"LITE_PULL_MESSAGE", "PullMessageRequestHeader", "PullMessageResponseHeader"},
        {"RECALL_MESSAGE", "RecallMessageRequestHeader", "RecallMessageResponseHeader"},
        {"QUERY_ASSIGNMENT", "-", "-"},
        {"SET_MESSAGE_REQUEST_MODE", "-", "-"},
        {"GET_ALL_MESSAGE_REQUEST_MODE", "-", "-"},
        {"UPDATE_AND_CREATE_STATIC_TOPIC", "CreateTopicRequestHeader", "-"},
        {"GET_BROKER_MEMBER_GROUP", "GetBrokerMemberGroupRequestHeader", "-"},
        {"ADD_BROKER", "AddBrokerRequestHeader", "-"},
        {"REMOVE_BROKER", "RemoveBrokerRequestHeader", "-"},
        {"BROKER_HEARTBEAT", "namesrv.BrokerHeartbeatRequestHeader", "-"},
        {"NOTIFY_MIN_BROKER_ID_CHANGE", "NotifyMinBrokerIdChangeRequestHeader", "-"},
        {"EXCHANGE_BROKER_HA_INFO", "ExchangeHAInfoRequestHeader", "ExchangeHAInfoResponseHeader"},
        {"GET_BROKER_HA_STATUS", "-", "-"},
        {"RESET_MASTER_FLUSH_OFFSET", "ResetMasterFlushOffsetHeader", "-"},
        {"CONTROLLER_ALTER_SYNC_STATE_SET", "controller.AlterSyncStateSetRequestHeader", "controller.AlterSyncStateSetResponseHeader"},
        {"CONTROLLER_ELECT_MASTER", "controller.ElectMasterRequestHeader", "controller.ElectMasterResponseHeader"},
        {"CONTROLLER_REGISTER_BROKER", "controller.register.RegisterBrokerToControllerRequestHeader", "controller.register.RegisterBrokerToControllerResponseHeader"},
        {"CONTROLLER_GET_REPLICA_INFO", "controller.GetReplicaInfoRequestHeader", "controller.GetReplicaInfoResponseHeader"},
        {"CONTROLLER_GET_METADATA_INFO", "-", "controller.GetMetaDataResponseHeader"},
        {"CONTROLLER_GET_SYNC_STATE_DATA", "-", "-"},
        {"GET_BROKER_EPOCH_CACHE", "-", "-"},
        {"NOTIFY_BROKER_ROLE_CHANGED", "NotifyBrokerRoleChangedRequestHeader", "-"},
        {"UPDATE_CONTROLLER_CONFIG", "-", "-"},
        {"GET_CONTROLLER_CONFIG", "-", "-"},
        {"CLEAN_BROKER_DATA", "controller.admin.CleanControllerBrokerDataRequestHeader", "-"},
        {"CONTROLLER_GET_NEXT_BROKER_ID", "controller.register.GetNextBrokerIdRequestHeader", "controller.register.GetNextBrokerIdResponseHeader"},
        {"CONTROLLER_APPLY_BROKER_ID", "controller.register.ApplyBrokerIdRequestHeader", "controller.register.ApplyBrokerIdResponseHeader"},
        {"UPDATE_COLD_DATA_FLOW_CTR_CONFIG", "-", "-"},
        {"REMOVE_COLD_DATA_FLOW_CTR_CONFIG", "-", "-"},
        {"GET_COLD_DATA_FLOW_CTR_INFO", "-", "-"},
        {"SET_COMMITLOG_READ_MODE", "-", "-", "READ_AHEAD_MODE"},
        {"AUTH_CREATE_USER", "CreateUserRequestHeader", "-"},
        {"AUTH_UPDATE_USER", "UpdateUserRequestHeader", "-"},
        {"AUTH_DELETE_USER", "DeleteUserRequestHeader", "-"},
        {"AUTH_GET_USER", "GetUserRequestHeader", "-"},
        {"AUTH_LIST_USER", "ListUsersRequestHeader", "-"},
        {"AUTH_CREATE_ACL", "CreateAclRequestHeader", "-"},
        {"AUTH_UPDATE_ACL", "UpdateAclRequestHeader", "-"},
        {"AUTH_DELETE_ACL", "DeleteAclRequestHeader", "-"},
        {"AUTH_GET_ACL", "GetAclRequestHeader", "-"},
        {"AUTH_LIST_ACL", "ListAclsRequestHeader", "-"},
        {"SWITCH_TIMER_ENGINE", "-", "-", "E_T"},
        {"POP_MESSAGE", "PopMessageRequestHeader", "PopMessageResponseHeader"},
        {"ACK_MESSAGE", "AckMessageRequestHeader", "-"},
        {"PEEK_MESSAGE", "PeekMessageRequestHeader", "PopMessageResponseHeader"},
        {"CHANGE_MESSAGE_INVISIBLETIME", "ChangeInvisibleTimeRequestHeader", "ChangeInvisibleTimeResponseHeader"},
        {"NOTIFICATION", "NotificationRequestHeader", "NotificationResponseHeader"},
        {"POLLING_INFO", "PollingInfoRequestHeader", "PollingInfoResponseHeader"},
        {"POP_ROLLBACK", "-", "-"},
        {"POP_LITE_MESSAGE", "PopLiteMessageRequestHeader", "PopLiteMessageResponseHeader"},
        {"LITE_SUBSCRIPTION_CTL", "LiteSubscriptionCtlRequestHeader", "-"},
        {"NOTIFY_UNSUBSCRIBE_LITE", "NotifyUnsubscribeLiteRequestHeader", "-"},
        {"GET_BROKER_LITE_INFO", "-", "-"},
        {"GET_PARENT_TOPIC_INFO", "GetParentTopicInfoRequestHeader", "-"},
        {"GET_LITE_TOPIC_INFO", "GetLiteTopicInfoRequestHeader", "-"},
        {"GET_LITE_CLIENT_INFO", "GetLiteClientInfoRequestHeader", "-"},
        {"GET_LITE_GROUP_INFO", "GetLiteGroupInfoRequestHeader", "-"},
        {"TRIGGER_LITE_DISPATCH", "TriggerLiteDispatchRequestHeader", "-"},
        {"BATCH_ACK_MESSAGE", "-", "-"},
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
        Golden.write(folder.resolveSibling("codes"), "request-codes", allCodes());
        for (String[] row : CODES) {
            List<String> beside = Arrays.asList(row).subList(3, row.length);
            int code = RequestCode.class.getField(row[0]).getInt(null);
            Class<? extends CommandCustomHeader> request = headerClass(row[1]);
            Class<? extends CommandCustomHeader> response = headerClass(row[2]);
            Golden.write(folder, row[0], Golden.map(
                "code", code,
                "name", row[0],
                "request", Golden.map(
                    "headerClass", request == null ? null : request.getName(),
                    "declared", declared(request),
                    "cases", requestCases(code, request, beside)),
                "response", Golden.map(
                    "headerClass", response == null ? null : response.getName(),
                    "declared", declared(response),
                    "cases", responseCases(response))));
        }
    }

    private static Map<String, Object> allCodes() throws Exception {
        Map<String, Object> codes = Golden.map();
        for (Field field : RequestCode.class.getFields()) {
            codes.put(field.getName(), field.getInt(null));
        }
        return Golden.map("codes", codes);
    }

    private static List<Object> requestCases(int code, Class<? extends CommandCustomHeader> type,
        List<String> beside) throws Exception {
        List<Object> cases = new ArrayList<>();
        for (Filling filling : FILLINGS) {
            if (type == null && filling != FILLINGS.get(0)) {
                continue;
            }
            String name = type == null ? "no header" : filling.name();
            cases.add(requestCase(name, code, type, filling, null, false, beside));
            if (filling == FILLINGS.get(0)) {
                cases.add(requestCase(name + ", with body", code, type, filling, BODY, false, beside));
                cases.add(requestCase(name + ", oneway", code, type, filling, null, true, beside));
            }
        }
        return cases;
    }

    private static Map<String, Object> requestCase(String name, int code, Class<? extends CommandCustomHeader> type,
        Filling filling, byte[] body, boolean oneway, List<String> beside) throws Exception {
        CommandCustomHeader header = type == null ? null : type.getDeclaredConstructor().newInstance();
        fill(header, filling);
        return frameCase(name, header, body, () -> {
            RemotingCommand command = RemotingCommand.createRequestCommand(code, header);
            for (String field : beside) {
                command.addExtField(field, field.length() + "");
            }
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
        if (sample.getExtFields() != null) {
            fields.putAll(sample.getExtFields());
        }
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
            if (value == null && isClock(field)) {
                // Its initial value is the clock.
                value = 1700000000010L;
            }
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
        if (name.equals("commitOrRollback")) {
            // Java refuses all but three values.
            return MessageSysFlag.TRANSACTION_COMMIT_TYPE;
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
        if (field.getName().equals("commitOrRollback")) {
            return MessageSysFlag.TRANSACTION_ROLLBACK_TYPE;
        }
        if (field.getName().equals("maxCount")) {
            // Zero and less are refused.
            return 1;
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

    private static List<Object> declared(Class<?> type) throws Exception {
        List<Object> result = new ArrayList<>();
        Object untouched = type == null ? null : Filled.untouched(type);
        for (Field field : fieldsOf(type)) {
            result.add(Golden.map(
                "name", field.getName(),
                "type", field.getType().getSimpleName(),
                "required", isRequired(field),
                "declaredIn", field.getDeclaringClass().getSimpleName(),
                "initial", initialText(field.get(untouched))));
        }
        return result;
    }

    /** Null also for the time of its making, which some headers begin with. */
    private static String initialText(Object value) {
        boolean isClock = value instanceof Long && (Long) value > 1700000000000L;
        return value == null || isClock ? null : value.toString();
    }

    /** Whether a new header has the time of its making in this field. */
    private static boolean isClock(Field field) {
        return field.getName().equals("invokeTime");
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
