window.vitrine = window.vitrine || [];
