package dev.postfeed.web;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.springframework.http.ETag;

/** Hashes of what goes over the wire. */
final class EntityTag {

    private static final int TAG_BYTES = 16;

    private EntityTag() {}

    /** A strong tag: of the very bytes, so that a change by psql or another program changes it too. */
    static ETag of(byte[] body) {
        byte[] hash = Arrays.copyOf(sha256().digest(body), TAG_BYTES);
        return new ETag(Base64.getUrlEncoder().withoutPadding().encodeToString(hash), false);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every Java platform has SHA-256.
        }
    }
}
