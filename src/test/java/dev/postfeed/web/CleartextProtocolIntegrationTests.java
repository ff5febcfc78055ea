package dev.postfeed.web;

import java.util.stream.Stream;
import org.springframework.test.context.TestPropertySource;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** HTTP/2 without TLS, where that was asked for, and HTTP/1.1 beside it. */
@TestPropertySource(properties = "server.http2.enabled=true")
class CleartextProtocolIntegrationTests extends ProtocolFixture {

    static Stream<HttpProtocol> protocols() {
        return Stream.of(HttpProtocol.HTTP11, HttpProtocol.H2C);
    }

    @Override
    HttpClient client(HttpProtocol protocol) {
        return HttpClient.create().protocol(protocol).baseUrl("http://127.0.0.1:" + port);
    }
}
