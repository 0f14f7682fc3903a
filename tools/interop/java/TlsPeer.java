// SPDX-License-Identifier: Apache-2.0
// Java's own remoting client, driven line by line: one call with TLS or without, in any mode, under given tls settings.
//
// Command: call <name> <port> <tls|plain> [tls.key=value ...]; answer: RESULT <name> <response code, or the exception's class>.
// Command: open <name> ... as call, but the connection stays; again <name> uses it once more.
// Command: identity <name> <folder>; writes cert.pem and key.pem, a certificate of its own, into the folder.
// TlsSystemConfig is static, so settings last until the next command names others; each command begins from the defaults.

import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.netty.TlsSystemConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

public final class TlsPeer {
    private static final int GET_BROKER_CLUSTER_INFO = 106;
    private static final Map<String, NettyRemotingClient> CLIENTS = new HashMap<>();
    private static final Map<String, String> ADDRESSES = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        System.out.println("READY");
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split(" ");
            if (words[0].equals("identity")) {
                identity(Path.of(words[2]));
                System.out.println("RESULT " + words[1] + " done");
                continue;
            }
            if (!words[0].equals("again")) open(words);
            System.out.println("RESULT " + words[1] + " " + call(words[1]));
            // Netty takes its time to shut down; the next command need not wait for it.
            if (words[0].equals("call")) new Thread(CLIENTS.remove(words[1])::shutdown).start();
        }
        System.exit(0);
    }

    private static void identity(Path folder) throws Exception {
        SelfSignedCertificate made = new SelfSignedCertificate("rocketmq.example");
        Files.createDirectories(folder);
        Files.copy(made.certificate().toPath(), folder.resolve("cert.pem"));
        Files.copy(made.privateKey().toPath(), folder.resolve("key.pem"));
        made.delete();
    }

    private static void open(String[] words) {
        configure(words);
        NettyClientConfig config = new NettyClientConfig();
        config.setUseTLS(words[3].equals("tls"));
        config.setScanAvailableNameSrv(false);
        NettyRemotingClient client = new NettyRemotingClient(config);
        client.start();
        CLIENTS.put(words[1], client);
        ADDRESSES.put(words[1], "127.0.0.1:" + words[2]);
    }

    private static void configure(String[] words) {
        TlsSystemConfig.tlsConfigFile = "/nowhere/tls.properties";
        TlsSystemConfig.tlsTestModeEnable = words.length == 4;
        TlsSystemConfig.tlsClientAuthServer = false;
        TlsSystemConfig.tlsClientTrustCertPath = null;
        TlsSystemConfig.tlsClientCertPath = null;
        TlsSystemConfig.tlsClientKeyPath = null;
        TlsSystemConfig.tlsClientKeyPassword = null;
        for (int i = 4; i < words.length; i++) {
            String key = words[i].substring(0, words[i].indexOf('='));
            String value = words[i].substring(key.length() + 1);
            switch (key) {
                case "authServer": TlsSystemConfig.tlsClientAuthServer = Boolean.parseBoolean(value); break;
                case "trustCertPath": TlsSystemConfig.tlsClientTrustCertPath = value; break;
                case "certPath": TlsSystemConfig.tlsClientCertPath = value; break;
                case "keyPath": TlsSystemConfig.tlsClientKeyPath = value; break;
                case "keyPassword": TlsSystemConfig.tlsClientKeyPassword = value; break;
                default: throw new IllegalArgumentException(key);
            }
        }
    }

    private static String call(String name) {
        try {
            RemotingCommand request = RemotingCommand.createRequestCommand(GET_BROKER_CLUSTER_INFO, null);
            return String.valueOf(CLIENTS.get(name).invokeSync(ADDRESSES.get(name), request, 3000).getCode());
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
    }
}
