<?php
/**
 * Plugin Name: Vitrine
 */
defined('ABSPATH') || exit;

add_action('wp_enqueue_scripts', function () {
    $options = wp_json_encode(['manifest' => content_url('uploads/vitrine/manifest.json')]);
    $script = "window.vitrine = window.vitrine || []; window.vitrine.options = $options;";
    if (is_product()) {
        $event = wp_json_encode(['items' => [['item_id' => get_the_ID()]]]);
        $script .= " vitrine.push((live) => live.track('view_item', $event));";
    }
    wp_enqueue_script('vitrine', plugins_url('vitrine.js', __FILE__), [], '0.1.0', ['strategy' => 'async']);
    wp_add_inline_script('vitrine', $script, 'before');
    wp_enqueue_script_module('vitrine-shop', plugins_url('shop.js', __FILE__), [], '0.1.0');
});

add_shortcode('vitrine', function ($attributes) {
    $given = shortcode_atts(['slot' => 'home', 'limit' => '8', 'label' => 'For you'], $attributes);
    return sprintf(
        '<vitrine-list slot-name="%s" limit="%s" label="%s"><template><a data-href="url"><img data-src="image"'
            . ' data-alt="title" width="200" height="200"><span data-text="title"></span></a></template></vitrine-list>',
        esc_attr($given['slot']),
        esc_attr($given['limit']),
        esc_attr($given['label'])
    );
});
