package dev.postfeed;

import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingOperationError;
import reactor.blockhound.integration.BlockHoundIntegration;

/** The blocking calls on event loops that are let pass in tests, each with its reason; all others fail the test. */
public class BlockHoundExceptions implements BlockHoundIntegration {

    @Override
    public void applyTo(BlockHound.Builder builder) {
        // The driver makes its TLS context when it opens a connection: a read of /dev/urandom, and of the CA file when
        // sslrootcert names one. Once a connection, never a request; it takes no ready-made context.
        builder.allowBlockingCallsInside("io.r2dbc.postgresql.client.ReactorNettyClient", "registerSslHandler");
        // Netty unpacks its native library once a process. In the service that is when the HTTP server starts, on the
        // main thread; in a test of the pool alone, with its first connection.
        builder.allowBlockingCallsInside("io.netty.util.internal.NativeLibraryLoader", "load");
        // The nonce of SCRAM: a read of /dev/urandom, once a connection.
        builder.allowBlockingCallsInside(
                "io.r2dbc.postgresql.authentication.SASLAuthenticationHandler", "handleAuthenticationSASL");
        // Netty's allocator grows where several event loops ask it at once: a lock for as long as an array is copied.
        builder.allowBlockingCallsInside(
                "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
        // An error that only a cancelled request saw, or that became a 500 nobody looked at, counts too.
        builder.blockingMethodCallback(method -> {
            BlockingOperationError error = new BlockingOperationError(method);
            NoBlockingCalls.report(error);
            throw error;
        });
    }
}
