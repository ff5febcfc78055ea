package dev.postfeed.bench.vertx;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

final class Main {

    private Main() {}

    /** One instance a core, each with an event loop of its own. */
    public static void main(String[] args) throws Exception {
        int instances = Runtime.getRuntime().availableProcessors();
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setEventLoopPoolSize(instances).setPreferNativeTransport(true));
        vertx.deployVerticle(PostVerticle::new, new DeploymentOptions().setInstances(instances))
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }
}
