package dev.postfeed.database;

/** A setting with which Postfeed cannot start: which one, its value (never a secret), and what is allowed. */
final class InvalidSettingException extends RuntimeException {

    private final String value;
    private final String allowed;

    InvalidSettingException(String setting, String value, String allowed) {
        super(setting + "=" + value + ": " + allowed);
        this.value = value;
        this.allowed = allowed;
    }

    InvalidSettingException(String setting, String value, String allowed, Throwable cause) {
        super(setting + "=" + value + ": " + allowed, cause);
        this.value = value;
        this.allowed = allowed;
    }

    /** The same of a setting of another name. */
    InvalidSettingException of(String setting) {
        return new InvalidSettingException(setting, value, allowed, this);
    }
}
