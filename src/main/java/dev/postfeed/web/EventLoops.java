package dev.postfeed.web;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.resources.LoopResources;

/**
 * The event loops of this service, for its server and its connections to the database: two sets of them would wake each
 * other for each request. They end with their beans, the pool's connections before them.
 */
@Configuration(proxyBeanMethods = false)
class EventLoops {

    @Bean(destroyMethod = "dispose")
    LoopResources loopResources() {
        return LoopResources.create("postfeed");
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> serverLoops(LoopResources loops) {
        return factory -> factory.addServerCustomizers(server -> server.runOn(loops));
    }
}
