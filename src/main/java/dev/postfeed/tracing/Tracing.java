package dev.postfeed.tracing;

import io.opentelemetry.context.propagation.TextMapPropagator;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SdkTracerProviderBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What Boot's tracing lacks here. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(Tracing.ENDPOINT)
class Tracing {

    static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

    private final NewTraces traces = new NewTraces();

    @Bean
    TextMapPropagator newTraces() {
        return traces;
    }

    @Bean
    SdkTracerProviderBuilderCustomizer idsOfNewTraces() {
        return provider -> provider.setIdGenerator(traces);
    }
}
