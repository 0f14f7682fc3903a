// SPDX-License-Identifier: Apache-2.0
// Records what Java's client signs, the signature it gives, and what Java's broker compares it with.

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.auth.authentication.builder.DefaultAuthenticationContextBuilder;
import org.apache.rocketmq.auth.authentication.context.DefaultAuthenticationContext;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;

public final class RecordSignatures {
    private static final int V5_5_0 = MQVersion.Version.V5_5_0.ordinal();
    private static final int V4_9_3 = MQVersion.Version.V4_9_3.ordinal();

    public static void main(String[] args) throws Exception {
        SessionCredentials plain = new SessionCredentials("rocketmq2", "12345678");
        SessionCredentials token = new SessionCredentials("\u7528\u6237", "\u5bc6\u7801-secret", "token-1");
        Map<String, String> send = fields("b", "TopicTest", "a", "PG", "e", "0", "g", "1700000000123", "i", "TAGS\u0001A\u0002", "AAA", "1");
        Map<String, String> query = fields("topic", "T", "key", "k", "_UNIQUE_KEY_QUERY", "true");
        List<Object> cases = new ArrayList<>();
        cases.add(record("no fields, no body", plain, new HashMap<>(), null, V5_5_0));
        cases.add(record("fields, no body", plain, send, null, V5_5_0));
        cases.add(record("fields and body", plain, send, "Hello RocketMQ".getBytes(StandardCharsets.UTF_8), V5_5_0));
        cases.add(record("body that is no text", plain, send, new byte[] {0, -1, -128, 127}, V5_5_0));
        cases.add(record("unicode and a token", token, fields("topic", "\u8ba2\u5355\ud83d\ude80", "\uff5e", "1", "\ud83d\ude80", "2"), null, V5_5_0));
        cases.add(record("a signature from before", plain, fields("topic", "T", "Signature", "old"), null, V5_5_0));
        cases.add(record("unique key query", plain, query, null, V5_5_0));
        cases.add(record("unique key query of 4.9.3", plain, query, null, V4_9_3));
        Golden.write(Path.of(args[0]), "signatures", Golden.map("cases", cases));
        System.exit(0);
    }

    private static Map<String, String> fields(String... namesAndValues) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields;
    }

    private static Map<String, Object> record(String name, SessionCredentials credentials, Map<String, String> fields, byte[] body, int version) {
        RemotingCommand command = RemotingCommand.createRequestCommand(RequestCode.SEND_MESSAGE_V2, null);
        command.setVersion(version);
        command.setExtFields(new HashMap<>(fields));
        command.setBody(body);
        new AclClientRPCHook(credentials).doBeforeRequest("127.0.0.1:10911", command);
        DefaultAuthenticationContext context = new DefaultAuthenticationContextBuilder().build(channelContext(), command);
        return Golden.map(
            "name", name,
            "version", version,
            "accessKey", credentials.getAccessKey(),
            "secretKey", credentials.getSecretKey(),
            "securityToken", credentials.getSecurityToken(),
            "given", new TreeMap<>(fields),
            "bodyHex", body == null ? null : Golden.hex(body),
            "sent", new TreeMap<>(command.getExtFields()),
            "brokerReads", Golden.map(
                "username", context.getUsername(),
                "signature", context.getSignature(),
                "contentHex", Golden.hex(context.getContent())));
    }

    private static ChannelHandlerContext channelContext() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        return channel.pipeline().firstContext();
    }
}
