var a={close:"Isara",next:"Susunod",done:"Tapos",step:"Hakbang {n} ng {of}",reach:"Pindutin ang F6 para puntahan ito",find:"Pumunta rito"};export{a as default};
