package dev.postfeed.database;

/** A setting with which Postfeed cannot start: which one, its value (never a secret), and what is allowed. */
final class InvalidSettingException extends RuntimeException {

    InvalidSettingException(String setting, String value, String allowed) {
        super(setting + "=" + value + ": " + allowed);
    }

    InvalidSettingException(String setting, String value, String allowed, Throwable cause) {
        super(setting + "=" + value + ": " + allowed, cause);
    }
}
