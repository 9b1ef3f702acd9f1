{#- Stands at the end of every statement, so that the query history tells the run and the node. -#}
{% macro query_comment(node) -%}
  {{ return(tojson({
      'app': 'dbt',
      'run_id': env_var('CX_RUN_ID', invocation_id),
      'node': node.unique_id if node else none
  })) }}
{%- endmacro %}
