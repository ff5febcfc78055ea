package dev.postfeed.query;

/** A parameter of the request that is unknown, repeated, or has a value that is not allowed. */
public final class InvalidParameterException extends RuntimeException {

    private final String parameter;

    /**
     * @param parameter its name
     * @param detail what is wrong with it and what is allowed; without the name
     */
    public InvalidParameterException(String parameter, String detail) {
        super(detail);
        this.parameter = parameter;
    }

    /** The parameter's name. */
    public String parameter() {
        return parameter;
    }
}
