package dev.postfeed.web;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyEventExecutorMetrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/**
 * The event loops of this service, for its server and its connections to the database: two sets of them would wake each
 * other for each request. They end with their beans, the pool's connections before them.
 */
@Configuration(proxyBeanMethods = false)
class EventLoops {

    /** One for each processor: their work does not block, and more of them take longer to warm up. */
    private static final int LOOPS = Math.max(2, Runtime.getRuntime().availableProcessors());

    @Bean(destroyMethod = "dispose")
    LoopResources loopResources() {
        return LoopResources.create("postfeed", LOOPS, true);
    }

    /** Tasks that wait for an event loop: none, unless something keeps it from them. */
    @Bean
    MeterBinder eventLoopMetrics(LoopResources loops) {
        return new NettyEventExecutorMetrics(loops.onServer(LoopResources.DEFAULT_NATIVE));
    }

    /** The memory of sockets, which the JVM's own metrics of direct buffers do not see. */
    @Bean
    MeterBinder bufferMetrics() {
        return new NettyAllocatorMetrics((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT);
    }

    /** What Boot's server takes its event loops from, whatever its customizers say. */
    @Bean
    ReactorResourceFactory reactorResourceFactory(LoopResources loops) {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResources(loops);
        return resources;
    }
}
