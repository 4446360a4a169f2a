{#- A place's or country's name by which spellings are compared: small letters, umlauts written out, no accents, no punctuation, no titles, and without the
    small words that are written, shortened or left out: "Frankfurt a. Main" and "FRANKFURT AM MAIN" are the same, "Frankfurt (Oder)" is not. -#}
{% macro normal_name(name) -%}
    {{ normal_words(fold_umlauts(name)) }}
{%- endmacro %}


{% macro fold_umlauts(name) -%}
    {%- set folded = namespace(
        sql="translate(lower(" ~ name ~ "), 'àáâãåāăąçćčèéêëēęěìíîïīłñńňòóôõøōőřśšşùúûūůűýźżž', 'aaaaaaaaccceeeeeeeiiiiilnnnooooooorsssuuuuuuyzzz')"
    ) -%}
    {%- for letters in [('ä', 'ae'), ('ö', 'oe'), ('ü', 'ue'), ('ß', 'ss'), ('æ', 'ae'), ('œ', 'oe')] -%}
        {%- set folded.sql = "replace(" ~ folded.sql ~ ", '" ~ letters[0] ~ "', '" ~ letters[1] ~ "')" -%}
    {%- endfor -%}
    {{ folded.sql }}
{%- endmacro %}


{% macro normal_words(folded) -%}
    {%- set spaced = "' ' || regexp_replace(" ~ folded ~ ", '[^a-z0-9ぁ-んァ-ヶ一-龠々]+', ' ') || ' '" -%}
    {%- set titled = "regexp_replace(" ~ spaced ~ ", ' (freie und hansestadt|hansestadt|landeshauptstadt|universitaetsstadt|lutherstadt|kreisstadt|stadt) ', ' ')" -%}
    {%- set saints = "regexp_replace(regexp_replace(" ~ titled ~ ", ' (sankt|saint|sant|sint) ', ' st '), ' sainte ', ' ste ')" -%}
    {%- set short = "regexp_replace(regexp_replace(" ~ saints ~ ", ' (am|an|auf|a|der|dem|den|d|vor|v|im|in|i|ob|o|m|bei|b|zu|the) ', ' '), ' (am|an|a|der|dem|den|d|vor|v|im|in|i|ob|o|m|bei|b|the) ', ' ')" -%}
    nullif(trim({{ short }}), '')
{%- endmacro %}
