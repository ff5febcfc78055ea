package dev.postfeed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Clients that do something at the same moment. */
public final class AtOnce {

    private AtOnce() {}

    /** Each client's answer, in the order of their numbers, which begin at 0. */
    public static <T> List<T> call(int clients, IntFunction<T> client) throws Exception {
        CyclicBarrier start = new CyclicBarrier(clients);
        List<Callable<T>> calls = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int number = i;
            calls.add(() -> {
                start.await(10, TimeUnit.SECONDS);
                return client.apply(number);
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : threads.invokeAll(calls, 30, TimeUnit.SECONDS)) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }
}
