package dev.postfeed.web;

import dev.postfeed.Certificate;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** TLS by a bundle of Boot's: with HTTP/2, which nobody asked for. */
class TlsProtocolIntegrationTests extends ProtocolFixture {

    private static final Certificate CERTIFICATE = certificate();

    static Stream<HttpProtocol> protocols() {
        return Stream.of(HttpProtocol.HTTP11, HttpProtocol.H2);
    }

    private static Certificate certificate() {
        try {
            return Certificate.make(Files.createTempDirectory("postfeed-tls"), "web");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @DynamicPropertySource
    static void bundle(DynamicPropertyRegistry registry) {
        registry.add("server.ssl.bundle", () -> "web");
        registry.add("spring.ssl.bundle.pem.web.keystore.certificate", () -> "file:" + CERTIFICATE.file());
        registry.add("spring.ssl.bundle.pem.web.keystore.private-key", () -> "file:" + CERTIFICATE.key());
    }

    @Override
    HttpClient client(HttpProtocol protocol) {
        return HttpClient.create()
                .protocol(protocol)
                .baseUrl("https://127.0.0.1:" + port)
                .secure(tls -> tls.sslContext(
                        protocol == HttpProtocol.H2
                                ? Http2SslContextSpec.forClient()
                                        .configure(context -> context.trustManager(
                                                CERTIFICATE.file().toFile()))
                                : Http11SslContextSpec.forClient()
                                        .configure(context -> context.trustManager(
                                                CERTIFICATE.file().toFile()))));
    }
}
