package dev.postfeed.web;

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

    /** What Boot's server takes its event loops from, whatever its customizers say. */
    @Bean
    ReactorResourceFactory reactorResourceFactory(LoopResources loops) {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResources(loops);
        return resources;
    }
}
