package dev.postfeed.web;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import jakarta.annotation.PreDestroy;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Where lines of {@link AccessLog} go: to whatever the root logger has, by a thread of their own, so that no event loop waits for a
 * disk or a pipe. When that does not keep up lines are lost. A logger that has been given appenders of its own keeps those.
 */
@Component
class AccessLogOutput {

    /** Lines that wait: of some hundred bytes, and 5 KB at most. */
    private static final int MOST_WAITING = 8192;

    private final @Nullable AsyncAppender waiting;
    private final Logger log;

    AccessLogOutput() {
        log = (Logger) LoggerFactory.getLogger(AccessLog.NAME);
        boolean isNeeded = log.isInfoEnabled() && !log.iteratorForAppenders().hasNext();
        waiting = isNeeded ? start() : null;
    }

    private AsyncAppender start() {
        AsyncAppender appender = new AsyncAppender();
        appender.setContext(log.getLoggerContext());
        appender.setName(AccessLog.NAME);
        appender.setQueueSize(MOST_WAITING);
        appender.setNeverBlock(true);
        appender.setDiscardingThreshold(0); // It would lose lines of INFO while there is room for them.
        Root root = new Root(log.getLoggerContext().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME));
        root.setContext(log.getLoggerContext());
        root.start();
        appender.addAppender(root);
        appender.start();
        log.setAdditive(false);
        log.addAppender(appender);
        return appender;
    }

    /** The last lines are written before the log itself stops. */
    @PreDestroy
    void stop() {
        if (waiting != null) {
            log.detachAppender(waiting);
            log.setAdditive(true);
            waiting.stop();
        }
    }

    private static final class Root extends UnsynchronizedAppenderBase<ILoggingEvent> {

        private final Logger root;

        Root(Logger root) {
            this.root = root;
        }

        @Override
        protected void append(ILoggingEvent event) {
            root.callAppenders(event);
        }
    }
}
