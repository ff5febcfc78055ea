package dev.postfeed.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/** Who gives tokens, and who would like to. */
public final class Tokens {

    public static final String AUDIENCE = "postfeed";
    public static final String ALL_SCOPES = "users:read users:write posts:read posts:write";

    private static final RSAKey KEY = key("ours");
    private static final RSAKey OTHER_KEY = key("ours");

    private Tokens() {}

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file that {@code public-key-location} names. */
    public static Path publicKey() {
        try {
            String pem =
                    Base64.getMimeEncoder().encodeToString(KEY.toRSAPublicKey().getEncoded());
            Path file = Files.createTempFile("postfeed", ".pem");
            file.toFile().deleteOnExit();
            return Files.writeString(file, "-----BEGIN PUBLIC KEY-----\n" + pem + "\n-----END PUBLIC KEY-----\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What {@code jwk-set-uri} answers. */
    static String publicKeys() {
        return new JWKSet(KEY).toString();
    }

    public static String withScopes(String scopes) {
        return signed(claims(scopes).build());
    }

    public static String expiresIn(Duration life) {
        return signed(claims(ALL_SCOPES)
                .expirationTime(Date.from(Instant.now().plus(life)))
                .build());
    }

    static String from(String issuer) {
        return signed(claims(ALL_SCOPES).issuer(issuer).build());
    }

    static String of(String subject) {
        return signed(claims(ALL_SCOPES).subject(subject).build());
    }

    /** Of a key that nobody has. */
    static String byKey(String id) {
        return signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build(),
                OTHER_KEY,
                claims(ALL_SCOPES).build());
    }

    static String withoutExpiry() {
        return signed(claims(ALL_SCOPES).expirationTime(null).build());
    }

    static String notYetValid() {
        return signed(claims(ALL_SCOPES)
                .notBeforeTime(Date.from(Instant.now().plusSeconds(600)))
                .build());
    }

    static String forAudience(String audience) {
        return signed(claims(ALL_SCOPES).audience(audience).build());
    }

    static String withoutAudience() {
        return signed(claims(ALL_SCOPES).audience((String) null).build());
    }

    static String tooLongForACookie() {
        return signed(claims(ALL_SCOPES).claim("groups", "g".repeat(4000)).build());
    }

    /** An access token by RFC 9068, as some providers have it. */
    static String typed() {
        return signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                KEY,
                claims(ALL_SCOPES).build());
    }

    public static String bySomebodyElse() {
        return signed(header(), OTHER_KEY, claims(ALL_SCOPES).build());
    }

    /** Somebody else's claims under a signature of ours. */
    static String tampered() {
        String[] mine = withScopes("").split("\\.");
        String[] wanted = withScopes(ALL_SCOPES).split("\\.");
        return mine[0] + "." + wanted[1] + "." + mine[2];
    }

    static String unsigned() {
        return new PlainJWT(claims(ALL_SCOPES).build()).serialize();
    }

    /** Signed with the public key, as if it were a secret. */
    static String byThePublicKey() {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader(JWSAlgorithm.HS256), claims(ALL_SCOPES).build());
            token.sign(new MACSigner(KEY.toRSAPublicKey().getEncoded()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JWTClaimsSet.Builder claims(String scopes) {
        return new JWTClaimsSet.Builder()
                .subject("somebody")
                .audience(AUDIENCE)
                .issueTime(Date.from(Instant.now().minusSeconds(100)))
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .claim("scope", scopes);
    }

    private static String signed(JWTClaimsSet claims) {
        return signed(header(), KEY, claims);
    }

    private static JWSHeader header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("ours").build();
    }

    private static String signed(JWSHeader header, RSAKey key, JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
